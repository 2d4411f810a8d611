import type { IsWorkday } from '@zhiyin/shared/calendar'
import type { Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { IsHeldOut } from '../measure/types.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OpenSealed } from '../platform/vault.ts'
import type { CustomerView } from '../profile/view.ts'
import { countedFor, type Caps } from './caps.ts'
import type { Ended } from './ended.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { carriedBy } from './merge.ts'
import { moved } from './moves.ts'
import { createOwnerTurns } from './owner-turns.ts'
import type { Pace } from './pace.ts'
import type { Join, Passengers } from './passengers.ts'
import { decide, lateBecause, reasonsOf, type Asking, type Verdict } from './permit.ts'
import { createAllowed } from './quiet.ts'
import { quotaWindow } from './quota.ts'
import type { Receipts } from './receipts.ts'
import { createRivals, inOrder } from './rivals.ts'

/** The days on which people work; `refresh` brings in what was changed elsewhere. */
export type OutboxCalendar = { readonly isWorkday: IsWorkday; refresh(): Promise<void> }

type Deps = {
  mongo: Mongo
  clock: Clock
  zone: string
  caps: Caps
  receipts: Pick<Receipts, 'since'>
  passengers: Pick<Passengers, 'join'>
  ended: Ended
  pace: Pick<Pace, 'owner' | 'ownerSpared'>
  calendar: OutboxCalendar
  open: OpenSealed
  limits: () => Promise<SendLimits>
  /** Whom no rule and no broadcast may reach. */
  globalHoldout: () => Promise<IsHeldOut>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const receiverOf = ({ channel, externalUserId, chatId }: Asking): string | null =>
  channel === 'mass' ? externalUserId : channel === 'group_mass' ? chatId : null

/** Whose counter it needs: of welcome and robot messages only where they have a cap. */
const roomOf = (asking: Asking, { channels }: SendLimits): string | null => {
  const { channel } = asking
  const capped = channel === 'mass' || channel === 'group_mass'
  if (!capped && (channel === 'app' || channel === 'mark_tag' || channels[channel] === undefined)) return null
  return countedFor(asking)
}

/** `counted`: it had been counted before, by a decision whose claim did not come. */
type Pair = { readonly intent: IntentDoc; readonly verdict: Verdict; readonly counted: boolean }
type Held = Pair & { readonly verdict: Exclude<Verdict, { kind: 'permit' }> }

const isHeld = (pair: Pair): pair is Held => pair.verdict.kind !== 'permit'
/** Puts together what is decided alike, so that each kind of decision is one update. */
const alike = (pairs: readonly Held[]): Held[][] => {
  const groups = new Map<string, Held[]>()
  for (const pair of pairs) {
    const key = JSON.stringify(pair.verdict)
    const had = groups.get(key)
    if (had === undefined) groups.set(key, [pair])
    else had.push(pair)
  }
  return [...groups.values()]
}

/** It waits for the same as before, so that its history need not say it again. */
const isSame = ({ intent, verdict }: Held): boolean =>
  verdict.kind === 'wait' &&
  intent.dueAt.getTime() === verdict.until.getTime() &&
  JSON.stringify(intent.because) === JSON.stringify(reasonsOf(verdict))

/** Decides about wanted intents in bulk and writes each decision with its reason. */
export const createPermits = (deps: Deps) => {
  const { mongo, clock, zone, caps, receipts, passengers, ended, calendar, open, limits, views, names } = deps
  const intents = intentCollection(mongo.connection)
  const rivalsOf = createRivals({ mongo, clock })
  const owners = createOwnerTurns(deps)

  /** Decides without writing anything, as if it were `at`; answers verdicts in the order asked. */
  const preview = async (asked: readonly Asking[], at?: Date): Promise<Verdict[]> => {
    const set = await limits()
    const around = await surroundings(asked, set, at)
    const counts = await caps.read(asked.flatMap((asking) => roomOf(asking, set) ?? []))
    return asked.map((asking) => decide(asking, around(asking, counts.get(roomOf(asking, set) ?? '')?.entries ?? [])))
  }

  const surroundings = async (asked: readonly Asking[], set: SendLimits, at?: Date) => {
    const ids = [...new Set(asked.flatMap(({ customerId }) => customerId ?? []))]
    const [known, isOut] = await Promise.all([
      ids.length === 0 ? [] : views(ids),
      deps.globalHoldout(),
      calendar.refresh(),
    ])
    const byId = new Map(known.map((view) => [view.id, view]))
    const now = at ?? clock.date()
    const receivers = asked.flatMap((asking) => receiverOf(asking) ?? [])
    const quota = quotaWindow(set.platform, now, zone)
    const got = await receipts.since(receivers, quota.since)
    const others = [...new Set([...got.values()].flatMap((rows) => rows.map(({ userid }) => userid)))]
    const senders = others.length === 0 ? new Map<string, string>() : await names(others)
    const allowed = createAllowed(calendar.isWorkday, zone)
    return (asking: Asking, entries: Parameters<typeof decide>[1]['entries']) => ({
      now,
      zone,
      limits: set,
      quota,
      allowed,
      view: byId.get(asking.customerId ?? '') ?? null,
      heldOut: asking.customerId !== null && isOut(asking.customerId),
      entries,
      receipts: got.get(receiverOf(asking) ?? '') ?? [],
      names: senders,
    })
  }

  const writeOf = (pairs: readonly Held[], at: Date) => {
    const [first] = pairs
    if (first === undefined) return []
    const { verdict } = first
    const filter = { _id: { $in: pairs.map(({ intent }) => intent._id) } }
    const reasons = reasonsOf(verdict)
    const lost = verdict.lost === undefined ? {} : { lost: verdict.lost.to }
    if (verdict.kind === 'wait') {
      const set = { dueAt: verdict.until, ...lost }
      const { guard, update } = moved('wait', { at, because: reasons, lookAt: verdict.until, set })
      const same = { $set: { lookAt: verdict.until } }
      return [{ updateMany: { filter: { ...filter, ...guard }, update: isSame(first) ? same : update } }]
    }
    const set = { settledAt: at, code: null, ...lost }
    const { guard, update } = moved('block', { at, because: reasons, lookAt: at, set })
    return [{ updateMany: { filter: { ...filter, ...guard }, update } }]
  }

  /** Writes what keeps intents from going now, gives back what they had counted, and tells of those that are blocked. */
  const hold = async (held: readonly Held[]): Promise<void> => {
    if (held.length === 0) return
    const at = clock.date()
    const operations = alike(held).flatMap((pairs) => writeOf(pairs, at))
    await intents.bulkWrite(operations, { ordered: false })
    const gone = held.filter(({ counted, verdict }) => counted || verdict.kind === 'block')
    if (gone.length === 0) return
    // As they stand: whoever was claimed a moment before keeps what was counted.
    const found = await intents.find({ _id: { $in: gone.map(({ intent }) => intent._id) } }).toArray()
    const had = new Set(gone.flatMap(({ counted, intent }) => (counted ? [intent._id] : [])))
    const isWaiting = ({ state, lookAt }: IntentDoc): boolean =>
      state === 'wanted' && lookAt !== undefined && lookAt.getTime() > at.getTime()
    await caps.release(found.filter((doc) => had.has(doc._id) && (doc.state === 'blocked' || isWaiting(doc))))
    await ended(found.filter(({ state }) => state === 'blocked'))
  }

  /** Who has no room and may go along in a message that has. */
  const joinsOf = (pairs: readonly Pair[]): Join[] => {
    const losers = pairs.filter((pair): pair is Held => isHeld(pair) && pair.verdict.lost?.to.policy === 'merge')
    if (losers.length === 0) return []
    const winners = new Map<string, IntentDoc[]>()
    for (const { intent, verdict } of pairs) {
      const of = countedFor(intent)
      if (of !== null && verdict.kind === 'permit') winners.set(of, [...(winners.get(of) ?? []), intent])
    }
    return losers.flatMap(({ intent, verdict }) => {
      const among = winners.get(countedFor(intent) ?? '') ?? []
      for (const [index, winner] of among.entries()) {
        const carried = carriedBy(winner, intent, open)
        if (carried === null || verdict.lost === undefined) continue
        // The next one has to fit beside it.
        among[index] = { ...winner, carries: [...(winner.carries ?? []), carried] }
        return [
          { winner, loser: { ...intent, lost: verdict.lost.to }, carried, reasons: verdict.lost.reasons.slice(0, -1) },
        ]
      }
      return []
    })
  }

  /** What was counted for somebody who turns out to be taken back meanwhile is given back. */
  const giveBack = async (unclaimed: readonly IntentDoc[]): Promise<void> => {
    if (unclaimed.length === 0) return
    const _id = { $in: unclaimed.map((intent) => intent._id) }
    await caps.release(await intents.find({ _id, state: 'blocked' }).toArray())
  }

  /** Others of the same customers who have room now: counted, so that nobody takes it from them; their own turn claims them. */
  const reserve = async (others: readonly IntentDoc[]): Promise<void> => {
    if (others.length === 0) return
    const lookAt = clock.date()
    const waiting = { state: 'wanted' as const, dueAt: { $gt: lookAt }, lookAt: { $gt: lookAt } }
    const _id = { $in: others.map((intent) => intent._id) }
    await intents.updateMany({ _id, ...waiting }, { $set: { lookAt } })
    await giveBack(others)
  }

  /**
   * Decides about these wanted intents, and with them about all others that want the same customers: writes who has to wait, is blocked or
   * goes along, answers who may go. That they may go is written with their claim; what it counts is kept here, so that deciding again after
   * a crash counts once.
   */
  const permit = async (wanted: readonly IntentDoc[]): Promise<IntentDoc[]> => {
    if (wanted.length === 0) return []
    const mine = new Set(wanted.map(({ _id }) => _id))
    const all = inOrder([...wanted, ...(await rivalsOf(wanted))])
    const set = await limits()
    const around = await surroundings(all, set)
    const counted = all.map((intent) => ({ intent, countedFor: roomOf(intent, set) }))
    const decided = await caps.decideAll(counted, ({ intent }, entries): Decided => {
      const verdict = decide(intent, around(intent, entries))
      const had = entries.some((entry) => entry.intent === intent._id)
      return { verdict: { intent, verdict, counted: had }, count: verdict.kind === 'permit' ? verdict.count : null }
    })
    const turns = await owners.turnsOf(
      decided.flatMap(({ intent, verdict }) => (verdict.kind === 'permit' ? intent : [])),
    )
    const pairs = decided.map((pair): Pair => {
      const turn = turns.get(pair.intent._id)
      // It keeps its room until its turn comes, so that nobody else takes it meanwhile.
      return turn === undefined ? pair : { intent: pair.intent, verdict: turn, counted: false }
    })
    const joins = joinsOf(pairs)
    const along = new Set(joins.map(({ loser }) => loser._id))
    const carrying = await passengers.join(joins)
    await hold(pairs.filter(isHeld).filter(({ intent }) => !along.has(intent._id)))
    const permitted = pairs.filter((pair) => !isHeld(pair)).map(({ intent }) => intent)
    await reserve(permitted.filter(({ _id }) => !mine.has(_id)))
    return permitted.filter(({ _id }) => mine.has(_id)).map((intent) => carrying.get(intent._id) ?? intent)
  }
  type Decided = { verdict: Pair; count: Extract<Verdict, { kind: 'permit' }>['count'] }

  /** Ends intents that have not gone out, with a reason, and gives back what they had counted. */
  const end = async (found: readonly IntentDoc[], reason: Because): Promise<void> => {
    if (found.length === 0) return
    const at = clock.date()
    const { guard, update } = moved('block', { at, because: [reason], lookAt: at, set: { settledAt: at, code: null } })
    const _id = { $in: found.map((intent) => intent._id) }
    await intents.updateMany({ _id, ...guard }, update)
    const over = await intents.find({ _id, state: 'blocked' }).toArray()
    await caps.release(over)
    await owners.spare(over)
    await ended(over)
  }

  /** Permitted, but their time is over or nobody wants them any more. */
  const expire = async (over: readonly IntentDoc[]): Promise<void> => {
    const byReason = new Map<string, { reason: Because; list: IntentDoc[] }>()
    for (const intent of over) {
      const reason = intent.withdrawn ?? lateBecause(intent)
      const key = JSON.stringify(reason)
      byReason.set(key, { reason, list: [...(byReason.get(key)?.list ?? []), intent] })
    }
    for (const { reason, list } of byReason.values()) await end(list, reason)
  }

  return { permit, preview, giveBack, end, expire }
}

export type Permits = ReturnType<typeof createPermits>
