import type { Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection } from './intents.model.ts'
import type { Pace } from './pace.ts'
import type { RobotStates } from './robot-states.ts'

export type RobotLook = {
  readonly disabled: Because | null
  /** Null: it does not rest. */
  readonly restUntil: Date | null
  readonly sentLastMinute: number
  /** Due messages that have not gone. */
  readonly waiting: number
}

type Deps = { mongo: Mongo; clock: Clock; pace: Pick<Pace, 'robotUsed'>; states: RobotStates }

/** How robots stand, for the console. */
export const createRobotLook = ({ mongo, clock, pace, states }: Deps) => {
  const intents = intentCollection(mongo.connection)
  const waitingOf = (groupId: string): Promise<number> =>
    intents.countDocuments({
      channel: 'robot',
      groupId,
      state: { $in: ['wanted', 'permitted', 'claimed'] },
      lookAt: { $exists: true },
      // What was tried is due later, but it waits.
      $or: [{ dueAt: { $lte: clock.date() } }, { attempts: { $gt: 0 } }],
    })

  return async (groupIds: readonly string[]): Promise<ReadonlyMap<string, RobotLook>> => {
    const known = await states.of(groupIds)
    const looks = await Promise.all(
      groupIds.map(async (id): Promise<[string, RobotLook]> => {
        const [sentLastMinute, waiting] = await Promise.all([pace.robotUsed(id), waitingOf(id)])
        const { disabled = null, restUntil = null } = known.get(id) ?? {}
        const resting = restUntil !== null && restUntil.getTime() > clock.now()
        const rest = resting ? restUntil : null
        return [id, { disabled: disabled?.because ?? null, restUntil: rest, sentLastMinute, waiting }]
      }),
    )
    return new Map(looks)
  }
}
