import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Push } from './push.ts'
import { groupsModel, tagsModel, type GroupDoc, type TagDoc } from './tags.model.ts'

const againMs = 5_000
const perBatch = 200

export type ClearTag = (
  tag: { id: string; name: string; wecomId: string | null; mayHaveEnded: boolean },
  after: string,
  limit: number,
) => Promise<string | null>

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  enqueue: Enqueue
  push: Push
  /** Takes a deleted tag off the next customers in the order of their ids; answers the last one, null when there are no more. */
  clear: ClearTag
}

/** What is still to be done: changes WeCom does not have yet, and deleted tags that customers still carry. */
export const createTagWork = ({ mongo, clock, log, enqueue, push, clear }: Deps) => {
  const tags = tagsModel(mongo.connection)
  const groups = groupsModel(mongo.connection)
  /** A job that was nudged has this long before the next one is. */
  let quietUntil = 0
  const due = (now: Date) => ({ nextAt: { $lte: now } })

  const clearOne = async ({ _id, name, group, wecomId, expiry = null, clearAfter }: TagDoc): Promise<void> => {
    const mayHaveEnded = expiry !== null || (await groups.exists({ name: group, exclusive: true })) !== null
    let after = clearAfter
    while (after !== null) {
      after = await clear({ id: _id, name, wecomId, mayHaveEnded }, after, perBatch)
      await tags.updateOne({ _id, deleted: true }, { $set: { clearAfter: after } })
    }
  }

  /** One that fails does not hold up the others; it is tried again later. */
  const each = async (id: string, what: () => Promise<void>): Promise<void> => {
    try {
      await what()
    } catch (error) {
      log.warn({ err: error, tag: id }, 'WeCom refused a change of this tag; it is as before')
    }
  }

  return {
    /** 'tags.work' */
    async run(): Promise<void> {
      const now = clock.date()
      const [tagDocs, groupDocs] = await Promise.all([
        tags.find(due(now)).limit(500).lean<TagDoc[]>(),
        groups.find(due(now)).limit(500).lean<GroupDoc[]>(),
      ])
      for (const doc of groupDocs) {
        await each(doc._id, () => push.group(doc._id))
        await groups.updateOne({ _id: doc._id, wish: null }, { $unset: { nextAt: 1 } })
      }
      for (const doc of tagDocs) {
        await each(doc._id, () => push.tag(doc._id))
        if (doc.deleted && doc.clearAfter !== null) await clearOne(doc)
        // What stayed ours alone for want of room asks again.
        if (doc.wish === null && doc.why !== null && !doc.deleted)
          await tags.updateOne(
            { _id: doc._id, wish: null },
            { $set: { wish: { op: 'create', at: now, tries: 0 }, nextAt: now } },
          )
        await tags.updateOne({ _id: doc._id, wish: null, why: null, clearAfter: null }, { $unset: { nextAt: 1 } })
      }
    },

    sweep: {
      stage: 'tags',
      async run(now) {
        if (now.getTime() < quietUntil) return 0
        const [one, two] = await Promise.all([tags.exists(due(now)), groups.exists(due(now))])
        if (one === null && two === null) return 0
        quietUntil = now.getTime() + againMs
        await enqueue('tags.work', {})
        return 1
      },
    } satisfies Sweep,

    backlog: {
      stage: 'tags',
      async count(now) {
        const [inTags, inGroups] = await Promise.all([tags.countDocuments(due(now)), groups.countDocuments(due(now))])
        return { pending: 0, due: inTags + inGroups, dead: 0, oldestAt: null }
      },
    } satisfies BacklogOf,
  }
}
