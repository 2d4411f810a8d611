import { because, type Because } from '@zhiyin/shared/because'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Caps } from './caps.ts'
import { intentCollection, type HistoryEntry, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'
import { decide, type Asking, type Verdict } from './permit.ts'
import type { Tell } from './tell.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  zone: string
  caps: Caps
  tell: Tell
  limits: () => Promise<SendLimits>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
}

/** Whose intents to take back: a run's, or all of a rule. */
export type Withdrawal = { readonly runId: string } | { readonly ruleId: string }

/** The intents of a run have keys that begin with its id, so the index on keys finds them. */
const filterOf = (of: Withdrawal) =>
  'runId' in of ? { key: { $gte: `${of.runId}:`, $lt: `${of.runId};` } } : { 'cause.ruleId': of.ruleId }

/** A rule that ends takes back what would reach people; a tag it has set stays set. */
const reaching: ReadonlySet<string> = new Set(['mass', 'welcome', 'robot', 'app'])

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
export const createPermits = ({ mongo, clock, zone, caps, tell, limits, views }: Deps) => {
  const intents = intentCollection(mongo.connection)

  /** Decides without writing anything; answers verdicts in the order asked. */
  const preview = async (asked: readonly Asking[]): Promise<Verdict[]> => {
    const around = await surroundings(asked)
    const counts = await caps.read(asked.flatMap(({ customerId }) => customerId ?? []))
    return asked.map((asking) => decide(asking, around(asking, counts.get(asking.customerId ?? '')?.entries ?? [])))
  }

  const surroundings = async (asked: readonly Asking[]) => {
    const ids = [...new Set(asked.flatMap(({ customerId }) => customerId ?? []))]
    const [known, set] = await Promise.all([ids.length === 0 ? [] : views(ids), limits()])
    const byId = new Map(known.map((view) => [view.id, view]))
    const now = clock.date()
    return (asking: Asking, entries: Parameters<typeof decide>[1]['entries']) => ({
      now,
      zone,
      limits: set,
      view: byId.get(asking.customerId ?? '') ?? null,
      entries,
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
    const counted = wanted.map((intent) => ({
      intent,
      customerId: intent.channel === 'mass' ? intent.customerId : null,
    }))
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
    await caps.release(ended.map((intent) => ({ id: intent._id, customerId: intent.customerId })))
    await tell(ended)
  }

  /** Takes back what has not gone out: the run ended, the rule was switched off. */
  const withdraw = async (of: Withdrawal, reason: Because): Promise<void> => {
    const found = await intents
      .find({ ...filterOf(of), state: { $in: ['wanted', 'permitted'] }, lookAt: { $exists: true } })
      .toArray()
    await end(
      found.filter(({ channel }) => reaching.has(channel)),
      reason,
    )
  }

  /** Permitted, but their time is over. */
  const expire = async (over: readonly IntentDoc[]): Promise<void> => {
    const welcome = over.filter(({ channel }) => channel === 'welcome')
    await end(welcome, because('block.welcome_expired'))
    await end(
      over.filter((intent) => !welcome.includes(intent)),
      because('block.expired'),
    )
  }

  return { permit, preview, withdraw, expire }
}

export type Permits = ReturnType<typeof createPermits>
