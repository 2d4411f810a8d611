import { because, type Because } from '@zhiyin/shared/because'
import { usualPriority, type LossGround } from '@zhiyin/shared/intent'
import type { CountedFor, CountEntry } from './counts.model.ts'
import type { IntentDoc, LostTo } from './intents.model.ts'

export type Ranked = Pick<IntentDoc, '_id' | 'createdAt' | 'priority' | 'expectedValue'>

const priorityOf = ({ priority = usualPriority }: Pick<Ranked, 'priority'>): number => priority
const valueOf = ({ expectedValue = 0 }: Pick<Ranked, 'expectedValue'>): number => expectedValue

/** Who goes first where there is not room for all: priority, then expected value, then who came first. */
export const byRank = (a: Ranked, b: Ranked): number =>
  priorityOf(b) - priorityOf(a) ||
  valueOf(b) - valueOf(a) ||
  a.createdAt.getTime() - b.createdAt.getTime() ||
  (a._id < b._id ? -1 : 1)

/** What it was made by, as people call it. */
export const nameOf = ({ rule, broadcast }: IntentDoc['cause']): string => broadcast ?? rule ?? ''

export const countedAs = ({
  cause,
  ...ranked
}: Pick<IntentDoc, 'cause' | 'priority' | 'expectedValue'>): CountedFor => ({
  name: nameOf(cause),
  ruleId: cause.ruleId,
  broadcastId: cause.broadcastId ?? null,
  priority: priorityOf(ranked),
  value: valueOf(ranked),
})

type Loser = Pick<IntentDoc, 'priority' | 'expectedValue' | 'onLoss'>

const groundOf = (loser: Loser, winner: CountedFor): LossGround => {
  if (winner.priority !== priorityOf(loser)) return winner.priority > priorityOf(loser) ? 'priority' : 'earlier'
  return winner.value > valueOf(loser) ? 'value' : 'earlier'
}

/** Whom one without room made way for: the message that took the last of it; null where others than we used it. */
export const lostTo = (loser: Loser, winner: CountEntry | null, at: Date): LostTo => {
  const { onLoss: policy = 'wait' } = loser
  const by = winner?.by
  const outside = { to: winner?.intent ?? null, name: '', ruleId: null, broadcastId: null }
  if (by === undefined) return { ...outside, by: winner === null ? 'outside' : 'earlier', policy, at }
  const { name, ruleId, broadcastId } = by
  return { to: winner?.intent ?? null, name, ruleId, broadcastId, by: groundOf(loser, by), policy, at }
}

/** The same as a reason; null where the reason of the cap or quota says all there is. */
export const lostBecause = (loser: Loser, winner: CountEntry | null): Because | null => {
  const by = winner?.by
  if (by === undefined || by.name === '') return null
  switch (groundOf(loser, by)) {
    case 'priority':
      return because('block.lost_priority', { winner: by.name, theirs: by.priority, own: priorityOf(loser) })
    case 'value':
      return because('block.lost_value', { winner: by.name, theirs: by.value, own: valueOf(loser) })
    default:
      return because('block.lost_earlier', { winner: by.name })
  }
}
