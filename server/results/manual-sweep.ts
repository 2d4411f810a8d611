import type { Enqueue } from '../flow/jobs.ts'
import type { Mongo } from '../platform/mongo.ts'
import { manualListModel, manualModel } from './manual.model.ts'

const chatTypes = ['single', 'group'] as const
const perRound = 200
/** What a job did not get to is nudged again after this long. */
const againMs = 15_000

/** Nudges for the lists whose time has come and for the messages in them that are not settled. */
export const createManualSweep = ({ mongo, enqueue }: { mongo: Mongo; enqueue: Enqueue }) => {
  const manual = manualModel(mongo.connection)
  const lists = manualListModel(mongo.connection)
  let begun = false

  const begin = async (now: Date): Promise<void> => {
    for (const _id of chatTypes)
      await lists.updateOne({ _id }, { $setOnInsert: { upTo: null, nextAt: now, nudgeAt: now } }, { upsert: true })
    begun = true
  }

  return {
    async run(now: Date): Promise<number> {
      if (!begun) await begin(now)
      const again = new Date(now.getTime() + againMs)
      const due = await lists.find({ nudgeAt: { $lte: now } }).lean()
      for (const { _id } of due) {
        await lists.updateOne({ _id, nudgeAt: { $lte: now } }, { $set: { nudgeAt: again } })
        await enqueue('results.list_manual', { chatType: _id })
      }
      const open = await manual
        .find({ nudgeAt: { $lte: now } }, { _id: 1 })
        .sort({ nudgeAt: 1 })
        .limit(perRound)
        .lean()
      const messageIds = open.map(({ _id }) => _id)
      if (messageIds.length > 0) {
        await manual.updateMany({ _id: { $in: messageIds }, nudgeAt: { $lte: now } }, { $set: { nudgeAt: again } })
        await enqueue('results.check_manual', { messageIds })
      }
      return due.length + messageIds.length
    },
    async countDue(now: Date): Promise<number> {
      const due = { nextAt: { $lte: now } }
      return (await lists.countDocuments(due)) + (await manual.countDocuments(due))
    },
  }
}
