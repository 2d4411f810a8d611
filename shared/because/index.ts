import { z } from 'zod'
import { fill, type Bilingual, type Lang } from '../text.ts'
import { sendBecause } from './block.ts'
import { groupBecause } from './group.ts'
import { lossBecause } from './loss.ts'
import { measureBecause } from './measure.ts'
import { profileBecause } from './profile.ts'
import { robotBecause } from './robot.ts'
import { ruleBecause } from './rule.ts'
import { stageBecause } from './stage.ts'
import { tierBecause } from './tier.ts'

/** What a page that was opened before an update says in place of a reason it has no words for. */
const unknownBecause = {
  unknown: { zh: '产品已更新，刷新页面可见原因', en: 'Updated meanwhile; reload the page to see why' },
} as const satisfies Record<string, Bilingual>

/** Every reason the product can give, in both languages. A reason is stored as a code with its numbers, never as prose. */
export const reasons = {
  ...stageBecause,
  ...tierBecause,
  ...ruleBecause,
  ...sendBecause,
  ...robotBecause,
  ...profileBecause,
  ...lossBecause,
  ...measureBecause,
  ...groupBecause,
  ...unknownBecause,
}

export type ReasonCode = keyof typeof reasons

const isReasonCode = (code: string): code is ReasonCode => Object.hasOwn(reasons, code)

/** The evidence of a decision: a reason's code and the numbers in it. A code this build does not know becomes `unknown`, so that an open page outlives an update of the server. */
export const Because = z.object({
  code: z
    .custom<ReasonCode>((code) => typeof code === 'string' && isReasonCode(code), 'unknown reason')
    .meta({ type: 'string' })
    .catch('unknown'),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
})
export type Because = z.infer<typeof Because>

export const because = (code: ReasonCode, params: Because['params'] = {}): Because => ({ code, params })

/** The reasons worth telling: that a rule asks for nothing more is only said where nothing else is. */
export const tellable = (because: readonly Because[]): readonly Because[] =>
  because.length > 1 ? because.filter(({ code }) => code !== 'rule.everyone') : because

/** A reason as a sentence in the reader's language, its days by the clocks of the company. */
export const say = (reason: Because, lang: Lang, timeZone: string): string => {
  const text: Bilingual = reasons[reason.code]
  return fill(text, reason.params, lang, timeZone)
}
