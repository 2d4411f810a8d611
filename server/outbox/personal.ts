import { because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Holding, Person } from '../privacy/types.ts'
import { countModel } from './counts.model.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { messageModel } from './messages.model.ts'
import { receiptModel } from './receipts.model.ts'

const unfinished = ['wanted', 'permitted']
const batch = 500

/** What is left of a send: that there was one, of which rule, and how it ended; for the figures of rules and broadcasts. */
const bare = ({ _id, state, history }: Pick<IntentDoc, '_id' | 'state' | 'history'>, now: Date) => {
  const set: Partial<IntentDoc> = {
    key: `erased:${_id}`,
    customerId: null,
    externalUserId: null,
    body: null,
    tags: null,
    code: null,
    batchKey: null,
    refusal: null,
    because: [because('send.erased')],
    history: history.map(({ state: reached, at }) => ({ state: reached, at, because: [] })),
    ...(unfinished.includes(state) ? { state: 'blocked', settledAt: now } : {}),
  }
  const unset = { app: 1, robot: 1, fallback: 1, answers: 1, lookAt: 1, carries: 1, along: 1, lost: 1 } as const
  return { updateOne: { filter: { _id }, update: { $set: set, $unset: unset } } }
}

/** Sends to a person, messages to reps and robots' groups that name them, and what counts how much they got. */
export const createOutboxPersonal = ({ mongo: { connection }, clock }: { mongo: Mongo; clock: Clock }): Holding => {
  const intents = intentCollection(connection)
  const messages = messageModel(connection)
  const counts = countModel(connection)
  const receipts = receiptModel(connection)

  const strip = async (docs: readonly IntentDoc[]): Promise<number> => {
    for (let from = 0; from < docs.length; from += batch)
      await intents.bulkWrite(
        docs.slice(from, from + batch).map((doc) => bare(doc, clock.date())),
        { ordered: false },
      )
    return docs.length
  }

  /**
   * Messages to members and to groups carry no customer; those that name them are found by their words, numbers sealed in them by their
   * blind index, in the order of ids.
   */
  const namingThem = async ({ names, externalUserIds, ids, indexes }: Person): Promise<IntentDoc[]> => {
    const words = [...names, ...externalUserIds, ...ids, ...indexes]
    const found: IntentDoc[] = []
    const members = intents
      .find({ channel: { $in: ['app', 'robot', 'group_mass'] }, customerId: null, key: { $not: /^erased:/ } })
      .sort({ _id: 1 })
    for await (const doc of members) {
      const text = JSON.stringify([doc.body, doc.app, doc.robot, doc.because, doc.key])
      if (words.some((word) => text.includes(word))) found.push(doc)
    }
    return found
  }

  return {
    room: 'outbox',
    collect: async ({ ids, externalUserIds }) => ({
      sends: await intents
        .find({ customerId: { $in: [...ids] } })
        .sort({ _id: 1 })
        .toArray(),
      receipts: await receipts.find({ receiver: { $in: [...externalUserIds] } }).lean(),
    }),
    async forget(person) {
      const { externalUserIds } = person
      const ids = [...person.ids]
      const own = await intents.find({ customerId: { $in: ids } }).toArray()
      const sent = own.flatMap(({ msgid }) => msgid ?? [])
      const told = await namingThem(person)
      const listed = await messages.updateMany(
        { _id: { $in: sent }, customerIds: { $in: ids } },
        { $pull: { customerIds: { $in: ids } } },
      )
      // A text that only they got may speak of them.
      await messages.updateMany(
        { _id: { $in: sent }, receivers: 1, customerIds: { $size: 0 } },
        { $set: { preview: '' } },
      )
      return {
        sends: await strip(own),
        messagesToReps: await strip(told),
        massMessages: listed.modifiedCount,
        counts: (
          await counts.deleteMany({ _id: { $in: [...ids, ...ids.map((id) => `customer:${id}`), ...externalUserIds] } })
        ).deletedCount,
        receipts: (await receipts.deleteMany({ receiver: { $in: [...externalUserIds] } })).deletedCount,
      }
    },
  }
}
