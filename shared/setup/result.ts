import { z } from 'zod'
import { fill, type Bilingual, type Lang, type Params } from '../text.ts'
import { adviceFor } from '../wecom-advice.ts'
import { CheckId, checks, features, isCheckId } from './checks.ts'
import { findings, isFindingCode } from './findings.ts'

export const CheckState = z.enum(['ok', 'wrong', 'unknown'])
export type CheckState = z.infer<typeof CheckState>

/** What a check saw. `errcode`: WeCom's, where one came. No secret is in it. */
export const CheckResult = z.object({
  id: CheckId,
  state: CheckState,
  seen: z.object({
    code: z.string().refine(isFindingCode),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  errcode: z.int().nullable(),
  at: z.iso.datetime(),
  ms: z.int(),
})
export type CheckResult = z.infer<typeof CheckResult>

type Seen = Pick<CheckResult, 'id' | 'seen' | 'errcode'>

/** The words of a feature and the title of another check stand in the reader's language. */
const paramsOf = ({ id, seen: { params } }: Seen, lang: Lang): Params => {
  const feature: Bilingual | undefined = Object.entries(features).find(([name]) => name === id)?.[1]
  const other = String(params['check'])
  return {
    ...params,
    ...(feature === undefined ? {} : { feature: feature[lang] }),
    ...(isCheckId(other) ? { title: checks[other].title[lang] } : {}),
  }
}

export const seenText = (result: Seen, lang: Lang, zone: string): string =>
  fill(findings[result.seen.code].seen, paramsOf(result, lang), lang, zone)

/** What to click to mend it; null where nothing needs mending, or nothing is known. */
export const fixText = (result: Seen & Pick<CheckResult, 'state'>, lang: Lang): string | null => {
  if (result.state === 'ok') return null
  const { errcode, seen } = result
  if (errcode !== null) return fill(adviceFor(errcode), seen.params, lang)
  const found: { readonly seen: Bilingual; readonly fix?: Bilingual } = findings[seen.code]
  return found.fix === undefined ? null : fill(found.fix, paramsOf(result, lang), lang)
}
