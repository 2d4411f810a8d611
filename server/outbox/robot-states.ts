import type { Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { robotStateModel, type RobotStateDoc } from './robot-states.model.ts'

/** What is known of robots beside their messages. */
export const createRobotStates = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const states = robotStateModel(mongo.connection)
  const set = async (_id: string, change: Partial<Omit<RobotStateDoc, '_id'>>): Promise<void> =>
    void (await states.updateOne({ _id }, { $set: change }, { upsert: true }))

  return {
    /** Why a robot may not speak now; null: it may. */
    async barred(groupId: string): Promise<{ disabled: Because } | { restUntil: Date } | null> {
      const state = await states.findById(groupId).lean()
      if (state?.disabled) return { disabled: state.disabled.because }
      const until = state?.restUntil ?? null
      return until !== null && until.getTime() > clock.now() ? { restUntil: until } : null
    },
    disable: (groupId: string, because: Because) => set(groupId, { disabled: { at: clock.date(), because } }),
    rest: (groupId: string, until: Date) => set(groupId, { restUntil: until }),
    /** A person says that it may speak again. */
    enable: (groupId: string) => set(groupId, { disabled: null, restUntil: null }),
    of: async (groupIds: readonly string[]): Promise<ReadonlyMap<string, RobotStateDoc>> =>
      new Map((await states.find({ _id: { $in: [...groupIds] } }).lean()).map((state) => [state._id, state])),
  }
}

export type RobotStates = ReturnType<typeof createRobotStates>
