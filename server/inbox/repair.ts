import type { InboxCollection, InboxState } from './inbox.model.ts'
import { keyOf, type Identity } from './key.ts'

/** Callbacks that never came, taken in as if they had. */
export const createRepair = (inbox: InboxCollection, append: (event: Identity) => Promise<void>) => ({
  /** The same event again is the same record; answers its id. */
  take: async (event: Identity): Promise<string> => {
    await append(event)
    const doc = await inbox.findOne({ key: keyOf(event) }, { projection: { _id: 1 } })
    if (doc === null) throw new Error('A record that was just stored is not there')
    return doc._id
  },
  /** How far these records have come. */
  statesOf: async (ids: readonly string[]): Promise<Map<string, InboxState>> => {
    const docs = await inbox.find({ _id: { $in: [...ids] } }, { projection: { state: 1 } }).toArray()
    return new Map(docs.map(({ _id, state }) => [_id, state]))
  },
})

export type Repair = ReturnType<typeof createRepair>
