import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type ContactFollow, type CustomerDoc, type FollowRow } from './customers.model.ts'

/** One rep's hold on a customer, by our facts and as WeCom last told of it. */
export type Hold = {
  readonly externalUserId: string
  readonly userid: string
  /** Null where only WeCom told of it so far. */
  readonly state: FollowRow['state'] | null
  readonly since: Date | null
  readonly told: Pick<ContactFollow, 'remark' | 'description' | 'tagIds'> | null
}

type HoldDoc = Pick<CustomerDoc, '_id' | 'externalUserId' | 'follows'> & {
  contact: { follows: ContactFollow[] } | null
}
const fields = { externalUserId: 1, follows: 1, 'contact.follows': 1 } as const

const holdsIn = ({ externalUserId, follows, contact }: HoldDoc): Hold[] => {
  if (externalUserId === null) return []
  const told = new Map((contact?.follows ?? []).map((follow) => [follow.userid, follow]))
  const known = new Map(follows.map((row) => [row.userid, row]))
  return [...new Set([...told.keys(), ...known.keys()])].map((userid) => ({
    externalUserId,
    userid,
    state: known.get(userid)?.state ?? null,
    since: known.get(userid)?.since ?? null,
    told: told.get(userid) ?? null,
  }))
}

export type Holds = ReturnType<typeof createHolds>

/** Who holds whom, for comparing with WeCom's lists. */
export const createHolds = ({ connection }: Pick<Mongo, 'connection'>) => {
  const customers = customerCollection(connection)
  return {
    /** The holds on these customers; unknown ones are left out. */
    async of(externalUserIds: readonly string[]): Promise<Hold[]> {
      const wanted = { externalUserId: { $in: [...new Set(externalUserIds)] } }
      const docs = await customers.find<HoldDoc>(wanted, { projection: fields }).toArray()
      return docs.flatMap(holdsIn)
    },
    /** Every hold of these reps, one after the other. */
    async *by(userids: readonly string[]): AsyncGenerator<Hold> {
      const reps = new Set(userids)
      const found = customers.find<HoldDoc>({ heldBy: { $in: [...reps] } }, { projection: fields, batchSize: 500 })
      for await (const doc of found) for (const hold of holdsIn(doc)) if (reps.has(hold.userid)) yield hold
    },
  }
}
