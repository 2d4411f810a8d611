import { because, type Because } from '@zhiyin/shared/because'
import type { Group } from './call.ts'
import type { HistoryEntry, IntentDoc } from './intents.model.ts'
import type { Move } from './moves.ts'
import type { Outcome } from './outcome.ts'

/** One change that some intents of one claim make together. */
export type Plan = {
  readonly intents: readonly IntentDoc[]
  readonly move: Move
  readonly because: Because[]
  /** When to look again; null: nothing is left to do. */
  readonly lookAt: Date | null
  readonly set: Partial<Pick<IntentDoc, 'settledAt' | 'code' | 'claim' | 'delivery' | 'msgid' | 'dueAt' | 'answers'>>
  /** The state its history shows. */
  readonly shows: HistoryEntry['state']
}

/** The result of one call. `extra`: reasons that come before the outcome's own. */
export type Result = { readonly group: Group; readonly outcome: Outcome; readonly extra?: Because[] }

/** How soon a lost answer is looked into; by then a call that went through stands in WeCom's lists. */
const doubtMs: Readonly<Record<IntentDoc['channel'], number>> = {
  welcome: 500,
  mass: 3000,
  group_mass: 3000,
  app: 3000,
  mark_tag: 3000,
  robot: 0,
}

/** Doubling from 1 s to 5 minutes; a welcome has only 20 s in all. */
export const backoffMs = ({ channel, attempts }: IntentDoc): number =>
  channel === 'welcome' ? 400 : Math.min(300_000, 1000 * 2 ** Math.min(attempts, 12))

type Settling = { now: Date; names: ReadonlyMap<string, string> }

const receiverOf = ({ externalUserId, chatId }: IntentDoc): string => externalUserId ?? chatId ?? ''

const failing = (intents: readonly IntentDoc[], reasons: Because[], now: Date): Plan => ({
  intents,
  move: 'fail',
  because: reasons,
  // What it had counted is given back, and what goes along in it is told.
  lookAt: now,
  set: { settledAt: now, code: null, claim: null },
  shows: 'failed',
})

const sending = (
  { group, extra: before = [] }: Result,
  outcome: Extract<Outcome, { kind: 'sent' }>,
  { now, names }: Settling,
): Plan[] => {
  const { first, intents } = group
  const extra = [...before, ...(outcome.because ?? [])]
  if (outcome.msgid === null) {
    const { answers } = outcome
    const set = { settledAt: now, code: null, claim: null, ...(answers === undefined ? {} : { answers }) }
    return [{ intents, move: 'sent', because: [...extra, because('send.sent')], lookAt: null, set, shows: 'sent' }]
  }
  const userid = first.userid ?? ''
  const waiting = because('send.awaiting_rep', { rep: names.get(userid) ?? userid })
  const set = { delivery: 'waiting' as const, msgid: outcome.msgid, claim: null }
  const accepted = intents.filter((intent) => !outcome.failed.has(receiverOf(intent)))
  const refused = intents.filter((intent) => outcome.failed.has(receiverOf(intent)))
  return [
    { intents: accepted, move: 'sent', because: [...extra, waiting], lookAt: null, set, shows: 'waiting' },
    failing(refused, [because('send.unreachable')], now),
  ]
}

const later = (intents: readonly IntentDoc[], afterMs: number | null, reasons: Because[], now: Date): Plan[] => {
  const [first] = intents
  if (first === undefined) return []
  const dueAt = new Date(now.getTime() + (afterMs ?? backoffMs(first)))
  const move = first.state === 'unsure' ? 'absent' : 'putBack'
  return [{ intents, move, because: reasons, lookAt: dueAt, set: { dueAt, claim: null }, shows: 'permitted' }]
}

/** A robot has no list to look in: its lost answers stay as they are, for a person to see. */
const doubting = (intents: readonly IntentDoc[], now: Date, why: Because[] | undefined): Plan[] => {
  const [first] = intents
  if (first === undefined) return []
  const shared = { intents, move: 'doubt', shows: 'unsure' } as const
  if (first.channel === 'robot')
    return [{ ...shared, because: why ?? [because('send.unsure_robot')], lookAt: null, set: { settledAt: now } }]
  const waitMs = first.attempts > 1 ? Math.max(doubtMs[first.channel], backoffMs(first)) : doubtMs[first.channel]
  return [{ ...shared, because: [], lookAt: new Date(now.getTime() + waitMs), set: {} }]
}

/** What has to be written for the result of one call. */
export const plansOf = (result: Result, settling: Settling): Plan[] => {
  const { group, outcome, extra = [] } = result
  const { now } = settling
  switch (outcome.kind) {
    case 'sent':
      return sending(result, outcome, settling).filter(({ intents }) => intents.length > 0)
    case 'failed':
      return [failing(group.intents, [...extra, ...outcome.because], now)]
    case 'later':
      return later(group.intents, outcome.afterMs, [...extra, ...outcome.because], now)
    case 'unsure':
      return doubting(group.intents, now, outcome.because)
  }
}
