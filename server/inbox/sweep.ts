import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { InboxDoc, InboxModel } from './inbox.model.ts'
import type { Nudge } from './nudge.ts'

const BATCH = 500
const NEXT_LOOK_MS = 20_000

type Deps = { model: InboxModel; nudge: Nudge }

/** Nudges records that are pending for too long (a lost job, an emptied Redis, a process that died), oldest first. */
export const createInboxSweep = ({ model, nudge }: Deps): { sweep: Sweep; backlog: BacklogOf } => ({
  sweep: {
    stage: 'inbox',
    prompt: true,
    run: async (now) => {
      const due = await model
        .find({ state: 'pending', nudgeAt: { $lte: now } }, { handlers: 1 })
        .sort({ nudgeAt: 1 })
        .limit(BATCH)
        .lean<Pick<InboxDoc, '_id' | 'handlers'>[]>()
      if (due.length === 0) return 0
      const ids = due.map((doc) => doc._id)
      await model.updateMany(
        { _id: { $in: ids }, state: 'pending' },
        { $set: { nudgeAt: new Date(now.getTime() + NEXT_LOOK_MS) } },
      )
      await nudge(due)
      return ids.length
    },
  },
  backlog: {
    stage: 'inbox',
    count: async (now) => {
      const [pending, due, dead, oldest] = await Promise.all([
        model.countDocuments({ state: 'pending' }),
        model.countDocuments({ state: 'pending', nudgeAt: { $lte: now } }),
        model.countDocuments({ state: 'dead' }),
        model.findOne({ state: 'pending' }, { receivedAt: 1 }).sort({ _id: 1 }).lean<Pick<InboxDoc, 'receivedAt'>>(),
      ])
      return { pending, due, dead, oldestAt: oldest?.receivedAt ?? null }
    },
  },
})
