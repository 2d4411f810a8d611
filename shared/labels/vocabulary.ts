/** Words by vocabulary and code, in both languages. */
export type Vocabularies = Record<string, Record<string, { readonly zh: string; readonly en: string }>>
