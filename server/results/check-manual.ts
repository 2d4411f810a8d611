import type { Receipt, Receipts } from '../outbox/read.ts'
import { eachOf } from '../platform/parallel.ts'
import { wecomOf, type GroupMessageTask } from '../wecom/types.ts'
import type { ManualDeps } from './list-manual.ts'
import { manualModel, type ManualDoc } from './manual.model.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const atOnce = 3
/** Not confirmed by then, a message of the admin console counts as left alone. */
const givenUpAfter = 7 * day
/** A result that still shows receivers as not sent so long after the sender pressed send will not change. */
const settlesWithin = 10 * minute
const UNKNOWN = 41047

const delayOf = (age: number): number => (age < hour ? 5 * minute : age < day ? 30 * minute : 2 * hour)

type Deps = ManualDeps & { receipts: Pick<Receipts, 'keep' | 'forget'> }

/** 'results.check_manual': reads who got a mass message that is not ours, as its senders send it. Safe to repeat. */
export const createCheckManual = ({ mongo, clock, log, read, messages, receipts }: Deps) => {
  const manual = manualModel(mongo.connection)

  /** Keeps what one sender's customers or groups got; answers how many did, and whether that is all. */
  const readSender = async (
    message: ManualDoc,
    { userid, sentAt }: GroupMessageTask,
  ): Promise<{ got: number; whole: boolean }> => {
    const rows = await read.groupMessageResults(message._id, userid)
    const sent = sentAt ?? message.createdAt
    const list = rows.flatMap((row): Receipt[] => {
      const receiver = row.externalUserId ?? row.chatId
      if (receiver === undefined || row.status === 'not_sent' || row.status === 'not_friend') return []
      const kind = row.status === 'sent' ? ('got' as const) : ('quota_used' as const)
      return [{ receiver, msgid: message._id, userid, at: row.sentAt ?? sent, kind, origin: message.origin }]
    })
    await receipts.keep(list)
    const whole = rows.every(({ status }) => status !== 'not_sent') || clock.now() - sent.getTime() > settlesWithin
    return { got: list.filter(({ kind }) => kind === 'got').length, whole }
  }

  const settle = async (id: string): Promise<void> => {
    await manual.updateOne({ _id: id }, { $set: { state: 'settled' }, $unset: { nextAt: 1, nudgeAt: 1 } })
  }

  const one = async (message: ManualDoc): Promise<void> => {
    const { _id } = message
    const tasks = await read.groupMessageTasks(_id)
    const done = new Set(message.read)
    for (const task of tasks.filter(({ sent, userid }) => sent && !done.has(userid))) {
      const { got, whole } = await readSender(message, task)
      if (!whole) continue
      done.add(task.userid)
      await manual.updateOne({ _id, read: { $ne: task.userid } }, { $push: { read: task.userid }, $inc: { got } })
    }
    const age = clock.now() - message.createdAt.getTime()
    if (tasks.every(({ userid }) => done.has(userid)) || age > givenUpAfter) return settle(_id)
    const nextAt = new Date(clock.now() + delayOf(age))
    await manual.updateOne({ _id, state: 'open' }, { $set: { nextAt, nudgeAt: nextAt }, $inc: { checks: 1 } })
  }

  return async ({ messageIds }: { messageIds: readonly string[] }): Promise<void> => {
    const found = await manual.find({ _id: { $in: [...messageIds] }, state: 'open' }).lean()
    // A message whose answer was lost may turn out to be ours.
    const ours = await messages.known(found.map(({ _id }) => _id))
    await manual.deleteMany({ _id: { $in: [...ours] } })
    await receipts.forget([...ours])
    await eachOf(
      found.filter(({ _id }) => !ours.has(_id)),
      atOnce,
      async (message) => {
        try {
          await one(message)
        } catch (error) {
          if (wecomOf(error)?.errcode === UNKNOWN) return settle(message._id)
          log.warn({ err: error, message: message._id }, 'a mass message made elsewhere could not be read; again later')
          const nextAt = new Date(clock.now() + minute)
          await manual.updateOne({ _id: message._id, state: 'open' }, { $set: { nextAt, nudgeAt: nextAt } })
        }
      },
    )
  }
}
