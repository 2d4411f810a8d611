import type { Enqueue } from '../flow/jobs.ts'
import type { OpenMessages } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { ChatType, WecomRead } from '../wecom/types.ts'
import { manualListModel, manualModel } from './manual.model.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** A list costs one call where nothing is new. */
const everyMs = 5 * minute
/** Looked at again, for a message may appear in the list a little after the time it bears. */
const overlapMs = 60 * minute
/** WeCom's clock and ours may differ by this much. */
const skewMs = minute
/** The first look goes back as far as the longest quota reaches: a month. */
const firstMs = 31 * day
const previewLength = 80

export type ManualDeps = {
  mongo: Mongo
  clock: Clock
  log: Log
  enqueue: Enqueue
  read: Pick<WecomRead, 'listGroupMessages' | 'groupMessageTasks' | 'groupMessageResults'>
  messages: Pick<OpenMessages, 'known'>
}

/** 'results.list_manual': takes up the mass messages made since the last look that are not ours. Safe to repeat. */
export const createListManual = ({ mongo, clock, log, enqueue, read, messages }: ManualDeps) => {
  const manual = manualModel(mongo.connection)
  const lists = manualListModel(mongo.connection)

  const takeUp = async (chatType: ChatType, from: Date, to: Date): Promise<string[]> => {
    const listed = await read.listGroupMessages({ chatType, from, to })
    const ids = listed.map(({ msgid }) => msgid)
    const had = await manual.find({ _id: { $in: ids } }, { _id: 1 }).lean()
    const passed = new Set([...(await messages.known(ids)), ...had.map(({ _id }) => _id)])
    const fresh = listed.filter(({ msgid }) => !passed.has(msgid))
    if (fresh.length === 0) return []
    const now = clock.date()
    await manual.bulkWrite(
      fresh.map(({ msgid, byMember, creator, text, createdAt }) => ({
        updateOne: {
          filter: { _id: msgid },
          update: {
            $setOnInsert: {
              chatType,
              origin: byMember ? ('member' as const) : ('corp' as const),
              creator: creator ?? null,
              preview: text.slice(0, previewLength),
              createdAt,
              read: [],
              got: 0,
              state: 'open' as const,
              checks: 0,
              nextAt: now,
              nudgeAt: now,
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    return fresh.map(({ msgid }) => msgid)
  }

  return async ({ chatType }: { chatType: ChatType }): Promise<void> => {
    const now = clock.date()
    const list = await lists.findOne({ _id: chatType }).lean()
    const from = list?.upTo ? new Date(list.upTo.getTime() - overlapMs) : new Date(now.getTime() - firstMs)
    try {
      const fresh = await takeUp(chatType, from, new Date(now.getTime() + skewMs))
      const nextAt = new Date(now.getTime() + everyMs)
      await lists.updateOne({ _id: chatType }, { $set: { upTo: now, nextAt, nudgeAt: nextAt } }, { upsert: true })
      for (let at = 0; at < fresh.length; at += 500)
        await enqueue('results.check_manual', { messageIds: fresh.slice(at, at + 500) })
    } catch (error) {
      log.warn({ err: error, chatType }, 'the list of mass messages made elsewhere could not be read; again later')
      const nextAt = new Date(now.getTime() + minute)
      await lists.updateOne({ _id: chatType }, { $set: { nextAt, nudgeAt: nextAt } })
    }
  }
}
