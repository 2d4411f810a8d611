import { z } from 'zod'
import type { Lang } from '@zhiyin/shared/text'

const locales = { zh: z.locales.zhCN().localeError, en: z.locales.en().localeError }

/** What zod says of a wrong value in a language; a check of our own carries its words in both as `params: { zh, en }`. */
export const zodWords =
  (lang: Lang): z.core.$ZodErrorMap =>
  (issue) => {
    const own: unknown = issue.code === 'custom' ? issue.params?.[lang] : undefined
    return typeof own === 'string' ? own : locales[lang](issue)
  }
