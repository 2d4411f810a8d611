import { z } from 'zod'
import { fill, type Bilingual, type Lang } from '../text.ts'
import { sendBecause } from './block.ts'
import { profileBecause } from './profile.ts'
import { ruleBecause } from './rule.ts'
import { stageBecause } from './stage.ts'
import { tierBecause } from './tier.ts'

/** Every reason the product can give, in both languages. A reason is stored as a code with its numbers, never as prose. */
export const reasons = { ...stageBecause, ...tierBecause, ...ruleBecause, ...sendBecause, ...profileBecause }

export type ReasonCode = keyof typeof reasons

const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(reasons, code)

/** The evidence of a decision: a reason's code and the numbers in it. */
export const Because = z.object({
  code: z
    .custom<ReasonCode>((code) => typeof code === 'string' && isReasonCode(code), 'unknown reason')
    .meta({ type: 'string' }),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Because = z.infer<typeof Because>

export const because = (code: ReasonCode, params: Because['params'] = {}): Because => ({ code, params })

/** A reason as a sentence in the reader's language. */
export const say = (reason: Because, lang: Lang, timeZone?: string): string => {
  const text: Bilingual = reasons[reason.code]
  return fill(text, reason.params, lang, timeZone)
}
