import type { Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OpenSealed } from '../platform/vault.ts'
import { eachOf } from '../platform/parallel.ts'
import type { Claims } from './claims.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { moved } from './moves.ts'
import type { Outcome } from './outcome.ts'
import type { Hold, Pace } from './pace.ts'
import type { Permits } from './permits.ts'
import { backoffMs } from './plan.ts'
import { robotPartsOf } from './robot-call.ts'
import { partsLost, type Speak } from './robot-speak.ts'
import type { RobotStates } from './robot-states.ts'
import type { Settle } from './settle.ts'
import type { StillAllowed } from './still-allowed.ts'
import type { Ended } from './ended.ts'

const perTurn = 500
/** Robots that speak at the same time. */
const atOnce = 4
const waiting = ['wanted', 'permitted'] as const

type Deps = {
  open: OpenSealed
  mongo: Mongo
  clock: Clock
  pace: Pace
  states: RobotStates
  permits: Pick<Permits, 'permit' | 'expire'>
  claims: Claims
  stillAllowed: StillAllowed
  speak: Speak
  settle: Settle
  ended: Ended
}

/**
 * Robots speak one message after the other, in the order they were wanted, each with its parts together; only one process at a
 * time speaks for a robot. One that rests or is disabled is not called.
 */
export const createRobots = ({
  open,
  mongo,
  clock,
  pace,
  states,
  permits,
  claims,
  stillAllowed,
  speak,
  settle,
  ended,
}: Deps) => {
  const intents = intentCollection(mongo.connection)
  const robot = { channel: 'robot' as const }
  const due = () => ({ ...robot, lookAt: { $lte: clock.date() } })
  const next = (groupId: string, limit: number): Promise<IntentDoc[]> =>
    intents
      .find({ ...due(), groupId, state: { $in: [...waiting] } })
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()

  /** Nothing of this robot is looked at before then; the order stays. */
  const postpone = async (groupId: string, until: Date): Promise<void> => {
    const early = { ...robot, groupId, state: { $in: [...waiting] }, lookAt: { $lte: until } }
    await intents.updateMany(early, { $set: { lookAt: until } })
  }

  const refuseAll = async (groupId: string, disabled: Because): Promise<void> => {
    for (;;) {
      const some = await next(groupId, perTurn)
      if (some.length === 0) return
      await permits.permit(some.map((intent) => ({ ...intent, refusal: disabled })))
    }
  }

  /** The next message of a robot: whether there may be another now. */
  const step = async (groupId: string, hold: Hold): Promise<boolean> => {
    const barred = await states.barred(groupId)
    if (barred !== null && 'disabled' in barred) await refuseAll(groupId, barred.disabled)
    else if (barred !== null) await postpone(groupId, barred.restUntil)
    if (barred !== null) return false
    const [head] = await next(groupId, 1)
    if (head === undefined) return false
    const over = head.expiresAt.getTime() <= clock.now() || head.withdrawn !== undefined
    if (head.state === 'permitted' && over) {
      await permits.expire([head])
      return true
    }
    // What was put back asks again about its days.
    if (head.state === 'permitted' && (await stillAllowed([head])).length === 0) return true
    if (head.state === 'wanted' && (await permits.permit([head])).length === 0) return true
    const parts = robotPartsOf(open(head))
    const waitMs = await pace.robot(groupId, parts.length - (head.progress?.done ?? 0))
    if (waitMs > 0) {
      await postpone(groupId, new Date(clock.now() + waitMs))
      return false
    }
    return say(groupId, await marked(head, parts.length), parts, hold)
  }

  /** A message of several parts is known as such before its claim, so that a crash before the first part leaves nothing in doubt. */
  const marked = async (head: IntentDoc, of: number): Promise<IntentDoc> => {
    if (of < 2 || head.progress !== undefined) return head
    const progress = { of, begun: 0, done: 0, lost: [] }
    await intents.updateOne({ _id: head._id, state: head.state }, { $set: { progress } })
    return { ...head, progress }
  }

  /** What keeps this message back keeps back those after it, unless it is only a file of its own. */
  const rested = async (groupId: string, intent: IntentDoc, outcome: Outcome): Promise<Outcome> => {
    if (outcome.kind !== 'later' || outcome.because.some(({ code }) => code === 'send.media_waiting')) return outcome
    const afterMs = outcome.afterMs ?? backoffMs(intent)
    await states.rest(groupId, new Date(clock.now() + afterMs))
    return { ...outcome, afterMs }
  }

  const say = async (
    groupId: string,
    head: IntentDoc,
    parts: ReturnType<typeof robotPartsOf>,
    hold: Hold,
  ): Promise<boolean> => {
    const { id, claimed } = await (head.state === 'wanted' ? claims.admit([head]) : claims.claim([head]))
    try {
      const [first] = claimed
      if (first === undefined) return true
      await hold.renew()
      const outcome = await speak(first, parts, hold)
      if (outcome === null) return true
      const held = await rested(groupId, first, outcome)
      await settle([{ group: { first, intents: [first] }, outcome: held }])
      return true
    } finally {
      claims.release(id)
    }
  }
  const speakFor = async (groupId: string): Promise<void> => {
    const hold = await pace.hold(groupId)
    if (hold === null) return
    try {
      while (await step(groupId, hold));
    } finally {
      await hold.release()
    }
  }

  /** Messages of several parts whose process died or whose answer was lost: the part in doubt stays so, the next ones go on. */
  const resume = async (): Promise<void> => {
    const inDoubt = await intents
      .find({ ...due(), state: 'unsure', progress: { $exists: true } })
      .limit(perTurn)
      .toArray()
    for (const { _id, claim, progress } of inDoubt) {
      if (progress === undefined) continue
      const { of, begun, done } = progress
      const lost = begun > done ? [...progress.lost, done] : progress.lost
      const after = { of, begun, done: begun, lost }
      const at = clock.date()
      const mine = { _id, 'claim.id': claim?.id ?? '' }
      if (begun < of) {
        const { guard, update } = moved('resume', {
          at,
          because: [],
          lookAt: at,
          set: { progress: after, claim: null },
        })
        await intents.updateOne({ ...mine, ...guard }, update)
        continue
      }
      const set = { progress: after, settledAt: at }
      const { guard, update } = moved('doubt', { at, because: [partsLost(after)], lookAt: null, set })
      await intents.updateOne({ ...mine, ...guard }, update)
    }
  }

  /** Settled, but not told when their process died. */
  const untold = async (): Promise<void> => {
    const settled = { $in: ['sent', 'blocked', 'failed'] as const satisfies IntentDoc['state'][] }
    await ended(
      await intents
        .find({ ...due(), state: settled })
        .limit(perTurn)
        .toArray(),
    )
  }

  const turn = async (): Promise<void> => {
    await claims.lapse(['robot'])
    await resume()
    await untold()
    const groupIds = await intents.distinct('groupId', { ...due(), state: { $in: [...waiting] } })
    await eachOf(
      groupIds.filter((id) => id !== null),
      atOnce,
      speakFor,
    )
  }

  let running: Promise<void> | null = null
  let again = false
  const all = async (): Promise<void> => {
    while (again) {
      again = false
      await turn()
    }
  }

  return {
    /** Says what is due. One at a time per process; a call meanwhile makes it look once more. */
    async run(): Promise<void> {
      again = true
      running ??= all().finally(() => {
        running = null
      })
      await running
    },
  }
}
