import type { Situation } from '../talk-track.ts'
import type { Bilingual } from '../text.ts'
import type { Tier } from '../tier.ts'
import type { z } from 'zod'

type PlaybookSaid = {
  readonly text: Bilingual
  readonly tiers: Readonly<Partial<Record<Tier, Bilingual>>>
}

/**
 * A content a playbook brings: what everybody gets, and other words for single tiers. `offer`: the same with a coupon code in it, for a
 * company that chooses the batch it comes from.
 */
export type PlaybookContent = PlaybookSaid & { readonly name: Bilingual; readonly offer?: PlaybookSaid }

/** What the rules of a playbook send, by the part each plays. */
export type PlaybookWords = {
  readonly welcome: PlaybookContent
  /** Some days after the first order, and the reason to come again. */
  readonly firstOrder: PlaybookContent
  readonly secondOrder: PlaybookContent
  readonly replenish: PlaybookContent
  readonly birthday: PlaybookContent
  readonly gentle: PlaybookContent
  readonly coupon: PlaybookContent
  readonly lost: PlaybookContent
  readonly vip: PlaybookContent
  /** Only where customers finish something. */
  readonly graduate?: PlaybookContent
}

type PlaybookTalk = {
  readonly situation: z.infer<typeof Situation>
  readonly title: Bilingual
  readonly text: Bilingual
  /** Empty: for all. */
  readonly tiers: readonly Tier[]
}

/** What is particular to a trade. */
export type Trade = {
  readonly id: string
  readonly name: Bilingual
  readonly about: Bilingual
  readonly words: PlaybookWords
  readonly talk: readonly PlaybookTalk[]
}
