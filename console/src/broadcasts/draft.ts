import type { BroadcastDraft } from '@zhiyin/shared/broadcast'
import type { Condition } from '@zhiyin/shared/condition'
import { lossPolicies, type Fallback, type LossPolicy, type SenderChoice } from '@zhiyin/shared/intent'
import type { Tier } from '@zhiyin/shared/tier'
import { everyone, gapsOfCondition } from '../conditions/tree.ts'

/** A broadcast being written. */
export type Draft = {
  name: string
  kind: 'customers' | 'groups'
  condition: Condition
  /** Reps or, of groups, owners; none chosen: all. */
  userids: string[]
  tiers: Tier[]
  contentId: string
  sender: Exclude<SenderChoice, 'brought'>
  fallback: Fallback | 'company'
  /** 0 to 100. */
  priority: number
  onLoss: LossPolicy
  expireHours: number
  /** null: now. */
  at: string | null
}

export const emptyDraft = (): Draft => ({
  name: '',
  kind: 'customers',
  condition: everyone,
  userids: [],
  tiers: [],
  contentId: '',
  sender: 'newest',
  fallback: 'company',
  priority: 50,
  onLoss: 'wait',
  expireHours: 72,
  at: null,
})

/** What may become of it where there is no room: a group has no other rep to ask. */
export const lossesOf = (kind: Draft['kind']): readonly LossPolicy[] =>
  lossPolicies.filter((policy) => kind === 'customers' || policy !== 'fallback')

/** What the server is asked to try or to send; null while no content is chosen or a condition is half made. */
export const broadcastOf = (draft: Draft): BroadcastDraft | null => {
  const { kind, condition, userids, tiers, contentId, sender, fallback, priority, onLoss, expireHours, at } = draft
  const unfinished = gapsOfCondition(condition).length > 0
  if (contentId === '' || (kind === 'customers' && unfinished)) return null
  return {
    audience:
      kind === 'customers'
        ? { kind, condition, userids: [...userids] }
        : { kind, tiers: [...tiers], owners: [...userids] },
    contentId,
    sender,
    fallback: fallback === 'company' ? null : fallback,
    priority,
    onLoss: lossesOf(kind).includes(onLoss) ? onLoss : 'wait',
    expireHours,
    ...(at === null ? {} : { at }),
  }
}
