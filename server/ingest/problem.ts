import type { z } from 'zod'
import { sayProblem, type Problem } from '@zhiyin/shared/cleaning'
import type { Bilingual, Lang } from '@zhiyin/shared/text'
import { zodWords } from '../platform/zod-words.ts'

/** Why a message is not taken, for whoever reads it. */
export type Refused = { readonly problem: Bilingual }

const colon = { zh: '：', en: ': ' }

const inWords = (error: z.ZodError | undefined, lang: Lang): string =>
  (error?.issues ?? [])
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'message'}${colon[lang]}${message}`)
    .join(lang === 'zh' ? '；' : '; ')

/** What a schema makes of something, or what is wrong with it in both languages. */
export const read = <S extends z.ZodType>(schema: S, raw: unknown): { readonly data: z.output<S> } | Refused => {
  const parsed = schema.safeParse(raw)
  if (parsed.success) return { data: parsed.data }
  const say = (lang: Lang): string => inWords(schema.safeParse(raw, { error: zodWords(lang) }).error, lang)
  return { problem: { zh: say('zh'), en: say('en') } }
}

/** A value that cannot be cleaned, with the field it stands in. */
export const ofField = (field: string, problem: Problem): Refused => ({
  problem: { zh: `${field}：${sayProblem(problem, 'zh')}`, en: `${field}: ${sayProblem(problem, 'en')}` },
})

export const refused = (zh: string, en: string): Refused => ({ problem: { zh, en } })
