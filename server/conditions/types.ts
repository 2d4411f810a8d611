import type { AttributeValue } from '@zhiyin/shared/attribute'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'

/** What a condition may look at of one customer: plain data, the same in memory as it is stored. */
export type Subject = {
  readonly stage: { readonly stage: Stage }
  /** Of the primary scheme. */
  readonly tier: { readonly tier: Tier }
  readonly levels: readonly { readonly scheme: string; readonly level: string }[]
  readonly tagIds: readonly string[]
  readonly segments: readonly { readonly id: string }[]
  readonly groupIds: readonly string[]
  readonly orders: number
  readonly lastSeenAt: Date | null
  /** Orders of one day are one purchase. */
  readonly purchases: number
  readonly lastOrderAt: Date | null
  /** The usual gap between their purchases, in days; null: no rhythm yet. */
  readonly medianGapDays: number | null
  /** One entry an attribute, a list as several values. */
  readonly attrs: readonly { readonly k: string; readonly v: AttributeValue }[]
  /** The newest times of each event, newest first: `mostTimes`, and the `oldestTimes` before all others. */
  readonly events: readonly { readonly n: string; readonly at: readonly Date[] }[]
}
