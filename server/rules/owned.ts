import { because } from '@zhiyin/shared/because'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { ownedIn } from '../platform/owned.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'
import type { Leave } from './leave.ts'
import { runCollection, type RunDoc } from './runs.model.ts'

/**
 * A customer's ways through rules. Where both are under way in one rule, the one of whoever stays goes on; the other ends, and is
 * what happened to the other before.
 */
export const createRunsOwned = ({ mongo, leave }: { mongo: Mongo; leave: Leave }): OwnedRecords => {
  const runs = runCollection(mongo.connection)
  const all = ownedIn(mongo, 'ruleruns')

  /** One by one: at most a handful are under way. */
  const moveOpen = async (open: readonly RunDoc[], customerId: string, of: (run: RunDoc) => string): Promise<void> => {
    for (const run of open)
      try {
        const through = of(run)
        const update =
          through === customerId
            ? { $set: { customerId }, $unset: { of: 1 as const } }
            : { $set: { customerId, of: through } }
        await runs.updateOne({ _id: run._id }, update)
      } catch (error) {
        if (!isDuplicate(error)) throw error
        await leave(run, 'exited', because('rule.one_customer'))
      }
  }

  return {
    room: 'rules',
    async handOn({ from, to }) {
      const open = await runs.find({ customerId: from, open: true }).toArray()
      await moveOpen(open, to, ({ of }) => of ?? from)
      await all.handOn({ from, to })
    },
    async giveBack({ whole, to, parts }) {
      const open = await runs.find({ customerId: whole, of: { $in: [...parts] }, open: true }).toArray()
      await moveOpen(open, to, ({ of }) => of ?? to)
      await all.giveBack({ whole, to, parts })
    },
  }
}
