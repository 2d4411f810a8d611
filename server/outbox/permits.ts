import { because, type Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import { countedFor, type Caps } from './caps.ts'
import { intentCollection, type HistoryEntry, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'
import { decide, type Asking, type Verdict } from './permit.ts'
import { quotaWindow } from './quota.ts'
import type { Receipts } from './receipts.ts'
import type { Tell } from './tell.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  zone: string
  caps: Caps
  receipts: Pick<Receipts, 'since'>
  tell: Tell
  limits: () => Promise<SendLimits>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const receiverOf = ({ channel, externalUserId, chatId }: Asking): string | null =>
  channel === 'mass' ? externalUserId : channel === 'group_mass' ? chatId : null

type Pair = { readonly intent: IntentDoc; readonly verdict: Verdict }

/** Puts together what is decided alike, so that each kind of decision is one update. */
const alike = (pairs: readonly Pair[]): Pair[][] => {
  const groups = new Map<string, Pair[]>()
  for (const pair of pairs) {
    const key = JSON.stringify(pair.verdict.kind === 'permit' ? null : pair.verdict)
    const had = groups.get(key)
    if (had === undefined) groups.set(key, [pair])
    else had.push(pair)
  }
  return [...groups.values()]
}

/** Decides about wanted intents in bulk and writes each decision with its reason. */
export const createPermits = ({ mongo, clock, zone, caps, receipts, tell, limits, views, names }: Deps) => {
  const intents = intentCollection(mongo.connection)

  /** Decides without writing anything, as if it were `at`; answers verdicts in the order asked. */
  const preview = async (asked: readonly Asking[], at?: Date): Promise<Verdict[]> => {
    const around = await surroundings(asked, at)
    const counts = await caps.read(asked.flatMap((asking) => countedFor(asking) ?? []))
    return asked.map((asking) => decide(asking, around(asking, counts.get(countedFor(asking) ?? '')?.entries ?? [])))
  }

  const surroundings = async (asked: readonly Asking[], at?: Date) => {
    const ids = [...new Set(asked.flatMap(({ customerId }) => customerId ?? []))]
    const [known, set] = await Promise.all([ids.length === 0 ? [] : views(ids), limits()])
    const byId = new Map(known.map((view) => [view.id, view]))
    const now = at ?? clock.date()
    const receivers = asked.flatMap((asking) => receiverOf(asking) ?? [])
    const quota = quotaWindow(set.platform, now, zone)
    const got = await receipts.since(receivers, quota.since)
    const others = [...new Set([...got.values()].flatMap((rows) => rows.map(({ userid }) => userid)))]
    const senders = others.length === 0 ? new Map<string, string>() : await names(others)
    return (asking: Asking, entries: Parameters<typeof decide>[1]['entries']) => ({
      now,
      zone,
      limits: set,
      quota,
      view: byId.get(asking.customerId ?? '') ?? null,
      entries,
      receipts: got.get(receiverOf(asking) ?? '') ?? [],
      names: senders,
    })
  }

  /** Writes what keeps intents from going now; answers those that are blocked, as they stand then. */
  const write = async (pairs: readonly Pair[]): Promise<IntentDoc[]> => {
    const verdict = pairs[0]?.verdict
    if (verdict === undefined || verdict.kind === 'permit') return []
    const at = clock.date()
    const ids = { _id: { $in: pairs.map(({ intent }) => intent._id) } }
    const reasons: Because[] = [verdict.because]
    if (verdict.kind === 'wait') {
      const set = { dueAt: verdict.until }
      const { guard, update } = moved('wait', { at, because: reasons, lookAt: verdict.until, set })
      await intents.updateMany({ ...ids, ...guard }, update)
      return []
    }
    const { guard, update } = moved('block', { at, because: reasons, lookAt: at, set: { settledAt: at, code: null } })
    await intents.updateMany({ ...ids, ...guard }, update)
    const entry: HistoryEntry = { state: 'blocked', at, because: reasons }
    return pairs.map(({ intent }) => ({
      ...intent,
      state: 'blocked',
      because: reasons,
      history: [...intent.history, entry],
    }))
  }

  /**
   * Decides about these wanted intents: writes who has to wait or is blocked, answers who may go. That they may go is written with
   * their claim; what it counts is kept here, so that deciding again after a crash counts once.
   */
  const permit = async (wanted: readonly IntentDoc[]): Promise<IntentDoc[]> => {
    if (wanted.length === 0) return []
    const around = await surroundings(wanted)
    const counted = wanted.map((intent) => ({ intent, countedFor: countedFor(intent) }))
    const pairs = await caps.decideAll(counted, ({ intent }, entries): { verdict: Pair; count: null } | Decided => {
      const verdict = decide(intent, around(intent, entries))
      return { verdict: { intent, verdict }, count: verdict.kind === 'permit' ? verdict.count : null }
    })
    const blocked: IntentDoc[] = []
    for (const group of alike(pairs)) blocked.push(...(await write(group)))
    await tell(blocked)
    return pairs.filter(({ verdict }) => verdict.kind === 'permit').map(({ intent }) => intent)
  }
  type Decided = { verdict: Pair; count: Extract<Verdict, { kind: 'permit' }>['count'] }

  /** Ends intents that have not gone out, with a reason, and gives back what they had counted. */
  const end = async (found: readonly IntentDoc[], reason: Because): Promise<void> => {
    if (found.length === 0) return
    const at = clock.date()
    const { guard, update } = moved('block', { at, because: [reason], lookAt: at, set: { settledAt: at, code: null } })
    const _id = { $in: found.map((intent) => intent._id) }
    await intents.updateMany({ _id, ...guard }, update)
    const ended = await intents.find({ _id, state: 'blocked' }).toArray()
    await caps.release(ended)
    await tell(ended)
  }

  /** Permitted, but their time is over or nobody wants them any more. */
  const expire = async (over: readonly IntentDoc[]): Promise<void> => {
    const byReason = new Map<string, { reason: Because; list: IntentDoc[] }>()
    for (const intent of over) {
      const late = intent.channel === 'welcome' ? 'block.welcome_expired' : 'block.expired'
      const reason = intent.withdrawn ?? because(late)
      const key = JSON.stringify(reason)
      byReason.set(key, { reason, list: [...(byReason.get(key)?.list ?? []), intent] })
    }
    for (const { reason, list } of byReason.values()) await end(list, reason)
  }

  return { permit, preview, end, expire }
}

export type Permits = ReturnType<typeof createPermits>
