import { builtInVariables } from '@zhiyin/shared/variable'
import type { Lang } from '@zhiyin/shared/text'

const names = new Map(builtInVariables.map(({ path, name, nameEn }) => [path, { zh: name, en: nameEn }]))

/** A template for reading at a glance: its variables as ‹客户昵称› in place of their code, an attribute by its key, without its conditions. */
export const readable = (template: string, lang: Lang): string =>
  template.replace(/\{%.*?%\}/gsu, '').replace(/\{\{\s*([\p{L}\p{M}\p{N}_.-]+)[^}]*\}\}/gu, (code, path: string) => {
    const word = names.get(path)?.[lang]
    if (word !== undefined) return `‹${word}›`
    return path.startsWith('customer.') ? `‹${path.slice('customer.'.length)}›` : code
  })
