import { because, type Because } from '@zhiyin/shared/because'
import type { RobotMessage } from '@zhiyin/shared/robot'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { claimMs } from './claims.ts'
import { failureOf } from './failure.ts'
import { intentCollection, type IntentDoc, type Progress } from './intents.model.ts'
import { done, type Outcome } from './outcome.ts'
import type { Hold } from './pace.ts'
import { disablingOf, type Say } from './robot-call.ts'
import type { RobotStates } from './robot-states.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  say: Say
  states: Pick<RobotStates, 'disable'>
  webhookOf: (groupId: string) => Promise<string | null>
}

/** Which parts of a message nobody can tell about. */
export const partsLost = ({ of, lost }: Progress): Because =>
  because('robot.part_lost', { of, parts: lost.map((part) => part + 1).join(', ') })

const unregistered: Outcome = { kind: 'failed', because: [because('robot.unregistered')] }

/**
 * Says a claimed message part by part. Each part is written down before its call, so that a crash repeats none and loses none: what
 * was begun stays in doubt, what comes after goes on. Null: the claim is somebody else's by now.
 */
export const createSpeak = ({ mongo, clock, say, states, webhookOf }: Deps) => {
  const intents = intentCollection(mongo.connection)

  /** Also keeps the claim good for one more call. False: it was lost. */
  const note = async ({ _id, channel, claim }: IntentDoc, progress: Progress): Promise<boolean> => {
    const lookAt = new Date(clock.now() + claimMs(channel))
    const mine = { _id, state: 'claimed' as const, 'claim.id': claim?.id ?? '' }
    return (await intents.updateOne(mine, { $set: { progress, lookAt } })).matchedCount === 1
  }

  return async (intent: IntentDoc, parts: readonly RobotMessage[], hold: Hold): Promise<Outcome | null> => {
    const { groupId } = intent
    const webhook = groupId === null ? null : await webhookOf(groupId)
    if (groupId === null || webhook === null) return unregistered
    const several = parts.length > 1
    let progress: Progress = intent.progress ?? { of: parts.length, begun: 0, done: 0, lost: [] }
    for (const [index, part] of parts.entries()) {
      if (index < progress.done) continue
      progress = { ...progress, begun: index + 1 }
      if (several && !(await note(intent, progress))) return null
      if (several) await hold.renew()
      try {
        await say(webhook, part)
      } catch (error) {
        const disabling = disablingOf(error)
        if (disabling !== null) {
          await states.disable(groupId, disabling)
          return { kind: 'failed', because: [disabling] }
        }
        const outcome = failureOf(error, 'robot', false)
        if (outcome.kind !== 'unsure') {
          if (several && !(await note(intent, { ...progress, begun: progress.done }))) return null
          return outcome
        }
        progress = { ...progress, lost: [...progress.lost, index] }
      }
      progress = { ...progress, done: index + 1 }
    }
    if (progress.lost.length === 0) return done
    return several ? { kind: 'unsure', because: [partsLost(progress)] } : { kind: 'unsure' }
  }
}

export type Speak = ReturnType<typeof createSpeak>
