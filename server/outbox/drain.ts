import type { IntentChannel } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { createUnderWay, eachOf, type UnderWay } from '../platform/parallel.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Call, Group } from './call.ts'
import { callMs, claimMs, groupsOf, oneCallOfEach, type Claims } from './claims.ts'
import { intentCollection, type Cause, type IntentDoc } from './intents.model.ts'
import { isSpam, type Outcome } from './outcome.ts'
import type { Passengers } from './passengers.ts'
import type { Permits } from './permits.ts'
import type { Result } from './plan.ts'
import { lookAgainMs, type Reconcile } from './reconcile.ts'
import type { Settle } from './settle.ts'
import type { StillAllowed } from './still-allowed.ts'
import type { Ended } from './ended.ts'

const perTurn = 1000
/** Looked through for others that can go into the same calls. */
const perJoin = 20_000
/** Calls in flight at once; WeCom wants a small pool (limits.md §2). */
const atOnce = 8
/** Deliveries under way while the next turn is decided. */
const besides = 2
/** Results are written together in batches of this many calls. */
const perSettle = 64
/** WeCom forgets an app message after half an hour; until then repeating it does nothing. */
const duplicateCheckMs = 25 * 60_000

const notCalled: Outcome = { kind: 'later', afterMs: 0, because: [] }

/** What goes through 'outbox.send' here; welcome messages have a lane of their own, robots speak one message after the other. */
export const pacedChannels = ['mass', 'group_mass', 'app', 'mark_tag'] as const satisfies IntentChannel[]

/** When it was last certain that nothing had gone out. */
const permittedAt = (history: IntentDoc['history']): number =>
  history.findLast(({ state }) => state === 'permitted')?.at.getTime() ?? 0

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  permits: Permits
  stillAllowed: StillAllowed
  claims: Claims
  passengers: Pick<Passengers, 'aboard' | 'look'>
  call: Call
  settle: Settle
  reconcile: Reconcile
  ended: Ended
  /** The campaign whose words WeCom's content check refused is to stop. */
  refusedAsSpam: (cause: Cause) => Promise<void>
}

/** Carries due intents through: permit, claim, call, settle; and looks into what is unsure. */
export const createDrain = ({
  mongo,
  clock,
  log,
  permits,
  stillAllowed,
  claims,
  passengers,
  call,
  settle,
  reconcile,
  ended,
  refusedAsSpam,
}: Deps) => {
  const intents = intentCollection(mongo.connection)

  const due = (states: readonly IntentDoc['state'][], channels: readonly IntentChannel[]): Promise<IntentDoc[]> =>
    intents
      .find({ state: { $in: [...states] }, lookAt: { $lte: clock.date() }, channel: { $in: [...channels] } })
      .sort({ lookAt: 1 })
      .limit(perTurn)
      .toArray()

  /** Calls and settles claimed groups. What there is no time left for goes back, for it was certainly not called. */
  const deliver = async (claimId: string, groups: readonly Group[], repeated: boolean): Promise<void> => {
    try {
      for (let from = 0; from < groups.length; from += perSettle) {
        const results: Result[] = []
        await eachOf(groups.slice(from, from + perSettle), atOnce, async (group) => {
          const { claim, channel } = group.first
          const left = (claim?.at.getTime() ?? 0) + claimMs(channel) - clock.now()
          const inTime = repeated || channel === 'welcome' ? left > 0 : left > callMs
          const outcome = inTime ? await call(group, repeated) : notCalled
          // What was not done this time may have been done the time before.
          const doubtful = repeated && outcome.kind === 'later'
          results.push({ group, outcome: doubtful ? { kind: 'unsure' } : outcome })
        })
        await settle(results)
        for (const { group } of results.filter(({ outcome }) => isSpam(outcome))) await refusedAsSpam(group.first.cause)
      }
    } finally {
      claims.release(claimId)
    }
  }

  /**
   * Whoever else can go into the same mass messages, so that a rep confirms as few as there can be: of each message what one call
   * takes, the rest in a later turn.
   */
  const joined = async (state: 'wanted' | 'permitted', found: IntentDoc[]): Promise<IntentDoc[]> => {
    const keys = [...new Set(found.flatMap(({ batchKey }) => batchKey ?? []))]
    if (found.length < perTurn || keys.length === 0) return found
    const seen = new Set(found.map(({ _id }) => _id))
    const more = await intents
      .find({ state, lookAt: { $lte: clock.date() }, batchKey: { $in: keys } })
      .limit(perJoin)
      .toArray()
    return oneCallOfEach([...found, ...more.filter(({ _id }) => !seen.has(_id))])
  }

  /** Permits and claims; answers the delivery, which goes on by itself. */
  const admit = async (wanted: readonly IntentDoc[]): Promise<{ delivery: Promise<void> }> => {
    const ready = await permits.permit(wanted)
    if (ready.length === 0) return { delivery: Promise.resolve() }
    const { id, claimed } = await claims.admit(ready)
    if (claimed.length < ready.length) {
      const mine = new Set(claimed.map(({ _id }) => _id))
      await permits.giveBack(ready.filter(({ _id }) => !mine.has(_id)))
    }
    return { delivery: deliver(id, groupsOf(await passengers.aboard(claimed)), false) }
  }

  /** Those that were put back, unless their time is over; at night and on days that are not theirs they wait again. */
  const sendAgain = async (found: readonly IntentDoc[]): Promise<void> => {
    const now = clock.now()
    await passengers.look(found.filter(({ along }) => along !== undefined))
    const permitted = found.filter(({ along }) => along === undefined)
    const isOver = ({ expiresAt, withdrawn }: IntentDoc): boolean =>
      expiresAt.getTime() <= now || withdrawn !== undefined
    await permits.expire(permitted.filter(isOver))
    const alive = await stillAllowed(permitted.filter((intent) => !isOver(intent)))
    if (alive.length === 0) return
    const { id, claimed } = await claims.claim(alive)
    await deliver(id, groupsOf(await passengers.aboard(claimed)), false)
  }

  /** Mass messages are looked up; the rest is repeated, which is harmless: a code works once, WeCom drops the same app message twice, a tag is there or not. */
  const clear = async (unsure: readonly IntentDoc[]): Promise<void> => {
    const isMass = ({ channel }: IntentDoc): boolean => channel === 'mass' || channel === 'group_mass'
    const byClaim = new Map<string, IntentDoc[]>()
    for (const intent of unsure.filter(isMass)) {
      const key = `${intent.claim?.id} ${intent.batchKey}`
      byClaim.set(key, [...(byClaim.get(key) ?? []), intent])
    }
    for (const list of byClaim.values()) {
      const [first] = list
      if (first === undefined) continue
      const result = await reconcile({ first, intents: list }).catch((error: unknown) => {
        log.warn({ err: error }, 'WeCom cannot be asked about a lost answer; again later')
        return null
      })
      if (result !== null) await settle([result])
      else await look(list)
    }
    const repeatable = unsure.filter((intent) => !isMass(intent))
    const stale = repeatable.filter(
      ({ channel, history }) => channel === 'app' && clock.now() - permittedAt(history) > duplicateCheckMs,
    )
    await intents.updateMany({ _id: { $in: stale.map(({ _id }) => _id) }, state: 'unsure' }, { $unset: { lookAt: 1 } })
    const unwanted = repeatable.filter(({ withdrawn }) => withdrawn !== undefined)
    for (const { _id, withdrawn } of unwanted)
      await intents.updateOne(
        { _id, state: 'unsure' },
        { $set: { because: withdrawn === undefined ? [] : [withdrawn] }, $unset: { lookAt: 1 } },
      )
    const again = repeatable.filter((intent) => !stale.includes(intent) && !unwanted.includes(intent))
    if (again.length === 0) return
    const { id, claimed } = await claims.repeat(again)
    await deliver(id, groupsOf(claimed), true)
  }

  const look = async (list: readonly IntentDoc[]): Promise<void> => {
    const lookAt = new Date(clock.now() + lookAgainMs)
    await intents.updateMany({ _id: { $in: list.map(({ _id }) => _id) }, state: 'unsure' }, { $set: { lookAt } })
  }

  /** One turn over everything due on these channels; answers how much it found. What is sent may still be under way then. */
  const turn = async (channels: readonly IntentChannel[], underWay: UnderWay): Promise<number> => {
    await claims.lapse(channels)
    const wanted = await joined('wanted', await due(['wanted'], channels))
    if (wanted.length > 0) await underWay.add((await admit(wanted)).delivery)
    const permitted = await joined('permitted', await due(['permitted'], channels))
    await sendAgain(permitted)
    const unsure = await due(['unsure'], channels)
    await clear(unsure)
    const untold = await due(['sent', 'blocked', 'failed'], channels)
    await ended(untold)
    return wanted.length + permitted.length + unsure.length + untold.length
  }

  let running: Promise<void> | null = null
  let again = false
  const all = async (): Promise<void> => {
    const underWay = createUnderWay(besides)
    do {
      again = false
      try {
        while ((await turn(pacedChannels, underWay)) > 0);
      } finally {
        await underWay.end()
      }
    } while (again)
  }

  return {
    /** 'outbox.send': everything due, until nothing is left. One at a time per process; a call meanwhile makes it look once more. */
    async drain(): Promise<void> {
      again = true
      running ??= all().finally(() => {
        running = null
      })
      await running
    },

    /** 'outbox.send_now': these welcome messages, at once and beside each other. */
    async now(ids: readonly string[]): Promise<void> {
      const listed = { _id: { $in: [...ids] }, channel: 'welcome' as const }
      const { delivery } = await admit(await intents.find({ ...listed, state: 'wanted' }).toArray())
      await delivery
      await sendAgain(await intents.find({ ...listed, state: 'permitted', lookAt: { $lte: clock.date() } }).toArray())
    },

    /** Welcome messages that a crash or a lost answer left behind. */
    late: async (): Promise<void> => void (await turn(['welcome'], createUnderWay(1))),
  }
}

export type Drain = ReturnType<typeof createDrain>
