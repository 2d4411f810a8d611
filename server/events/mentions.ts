import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { factCollection } from './facts.model.ts'

/** What of a payload names somebody else. */
type Mention = 'payload.guest' | 'payload.guestName' | 'payload.inviter'

export type FactMentions = ReturnType<typeof createFactMentions>

/** Facts of others that name somebody erased. They stay, without the name; found by their ids. */
export const createFactMentions = ({ connection, transaction }: Mongo, newId: NewId) => {
  const facts = factCollection(connection)
  const without = (mentions: readonly Mention[]) => Object.fromEntries(mentions.map((path) => [path, 1 as const]))

  return {
    async strike(ids: readonly string[], mentions: readonly Mention[]): Promise<number> {
      const named = { $or: mentions.map((path) => ({ [path]: { $exists: true } })) }
      const $unset = without(mentions)
      return (await facts.updateMany({ _id: { $in: [...ids] }, ...named }, { $unset })).modifiedCount
    },
    /** The id of these is made of who is named, so they get another one. */
    strikeNamed: (ids: readonly string[], mentions: readonly Mention[]): Promise<number> =>
      transaction(async (session) => {
        const docs = await facts.find({ _id: { $in: [...ids] } }, { session }).toArray()
        if (docs.length === 0) return 0
        const fresh = docs.map((doc) => ({ ...doc, _id: newId('fact') }))
        await facts.deleteMany({ _id: { $in: docs.map(({ _id }) => _id) } }, { session })
        await facts.insertMany(fresh, { session })
        const _id = { $in: fresh.map((doc) => doc._id) }
        await facts.updateMany({ _id }, { $unset: without(mentions) }, { session })
        return docs.length
      }),
  }
}
