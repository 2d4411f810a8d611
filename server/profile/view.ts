import type { Consents, ConsentState } from '@zhiyin/shared/consent'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import type { Because } from '@zhiyin/shared/because'
import type { Subject } from '../conditions/types.ts'
import type { LevelPlace, Membership } from './place/place.ts'

/** What later stages (segments, rules, outbox) may know of a customer: plain, current, one read. */
export type CustomerView = Omit<Subject, 'segments'> & {
  readonly levels: readonly LevelPlace[]
  readonly segments: readonly Membership[]
  readonly id: string
  readonly name: string
  readonly externalUserId: string | null
  readonly stage: { readonly stage: Stage; readonly since: Date; readonly because: readonly Because[] }
  readonly tier: { readonly tier: Tier; readonly since: Date }
  /** Minor units. */
  readonly spend: number
  /** The product named by the newest order that stands and names one. */
  readonly lastProduct: string | null
  /** Reps who hold the customer, the one added last first; only `following` ones can be a sender. */
  readonly follows: readonly {
    readonly userid: string
    readonly state: 'following' | 'deleted_by_rep' | 'deleted_by_customer'
    readonly since: Date
    readonly channelId: string | null
  }[]
  /** To marketing. */
  readonly consent: ConsentState
  readonly consents: Consents
}
