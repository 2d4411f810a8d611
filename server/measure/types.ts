import type { ExposureArm } from '@zhiyin/shared/measure'
import type { Fact } from '@zhiyin/shared/fact'
import type { EventMatch, Goal, Step } from '@zhiyin/shared/rule'

/** A customer came into a rule: `id` is the run. `splits`: the arms they were led along since. */
export type Entered = {
  readonly id: string
  readonly ruleId: string
  readonly version: number
  readonly customerId: string
  readonly at: Date
  readonly arm: ExposureArm
  readonly splits: readonly { readonly stepId: string; readonly arm: string; readonly at: Date }[]
}

/** What a rule said at a version, as far as measuring asks. */
export type RuleTerms = {
  readonly name: string
  readonly goal: Goal | null
  readonly steps: readonly Step[]
  readonly limits: { readonly holdoutPercent: number }
}
export type RuleVersion = (ruleId: string, version: number) => Promise<RuleTerms | null>

/** An order that stands: what is left of it in minor units of the company's currency. */
export type Bought = { readonly at: Date; readonly net: number }
/** The orders that stand of each of these customers, oldest first. */
export type BoughtOf = (customerIds: readonly string[]) => Promise<ReadonlyMap<string, readonly Bought[]>>

export type Matches = (match: EventMatch, fact: Fact) => boolean

/** Whether a customer is among those nobody reaches. */
export type IsHeldOut = (customerId: string) => boolean
