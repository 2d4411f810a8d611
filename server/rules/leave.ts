import { because, type Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Outbox } from '../outbox/read.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import type { Tell } from './tell.ts'

type Deps = { mongo: Mongo; clock: Clock; tell: Tell; withdraw: Outbox['withdraw'] }

/** Ends a run before its steps do: the goal, an exit. What has not gone out yet is taken back. */
export const createLeave =
  ({ mongo, clock, tell, withdraw }: Deps) =>
  async (run: RunDoc, state: 'goal' | 'exited', reason: Because): Promise<void> => {
    const runs = runCollection(mongo.connection)
    const leftAt = clock.date()
    const takeBack = (): Promise<void> => withdraw({ runId: run._id }, because('block.run_ended'))
    // Before, so that a crash in between leaves nothing behind; after, for what the last step wanted meanwhile.
    await takeBack()
    const left = await runs.findOneAndUpdate(
      { _id: run._id, open: true },
      {
        $set: { state, leftAt, leftBecause: [reason], untold: true, dueAt: null, claim: null },
        $unset: { open: 1, lookAt: 1, heldAt: 1 },
      },
      { returnDocument: 'after' },
    )
    await takeBack()
    if (left !== null) await tell([left])
  }

export type Leave = ReturnType<typeof createLeave>
