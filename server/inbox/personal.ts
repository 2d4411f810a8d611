import type { Mongo } from '../platform/mongo.ts'
import type { Holding, Person } from '../privacy/types.ts'
import { inboxCollection } from './inbox.model.ts'

/** Callbacks that name a person: about them, or about a group they came into or left. */
export const createInboxPersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const inbox = inboxCollection(connection)
  const naming = ({ externalUserIds }: Person) => ({
    $or: [
      { 'fields.externalUserId': { $in: [...externalUserIds] } },
      { 'fields.memChangeList': { $in: [...externalUserIds] } },
    ],
  })
  return {
    room: 'inbox',
    collect: async (person) => ({
      callbacks: await inbox.find(naming(person), { projection: { event: 1, fields: 1, createTime: 1 } }).toArray(),
    }),
    forget: async (person) => ({ callbacks: (await inbox.deleteMany(naming(person))).deletedCount }),
  }
}
