import type { Because } from '@zhiyin/shared/because'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import type { CustomerView } from '../profile/view.ts'
import { holdCollection, type HoldDoc } from './holds.model.ts'
import { addedKey } from './triggers.ts'

/** The member's side of a half contact may follow the customer's after this long; later it is another add. */
const joinMs = 7 * 86_400_000
const second = (at: Date): number => Math.floor(at.getTime() / 1000)

export type Add = { readonly customerId: string; readonly userid: string; readonly at: Date; readonly half: boolean }
export type Hold = Pick<HoldDoc, '_id' | 'key' | 'returning' | 'greeter'>

const pairOf = (customerId: string, userid: string): string => `${customerId}:${userid}`

/** Whether an add tells of this hold: told already, or the other half of it. */
export const tellsOf = (doc: Pick<HoldDoc, 'half' | 'full' | 'endedAt'>, { at, half }: Add): boolean => {
  const [mine, other] = half ? [doc.half, doc.full] : [doc.full, doc.half]
  if (mine !== null) return second(mine) === second(at)
  if (other === null || Math.abs(at.getTime() - other.getTime()) > joinMs) return false
  if (half ? at > other : at < other) return false
  return doc.endedAt === null || doc.endedAt > (half ? other : at)
}

export const newest = ({ half, full }: Pick<HoldDoc, 'half' | 'full'>): number =>
  Math.max(half?.getTime() ?? 0, full?.getTime() ?? 0)

/** Held by anybody else, let go of, or a buyer: known before this add. `at` is its time. */
export const isKnown = ({ follows, orders }: CustomerView, { userid, at }: Pick<Add, 'userid' | 'at'>): boolean =>
  orders > 0 ||
  follows.some(
    (follow) => follow.userid !== userid || follow.state !== 'following' || second(follow.since) < second(at) - 1,
  )

/** Puts the two events of one add together, in whichever order and however often they come, and keeps what was decided for it. */
export const createHolds = ({ mongo }: { mongo: Mongo }) => {
  const holds = holdCollection(mongo.connection)

  /** `known`: whether the customer was known before, as far as the profile tells. */
  const of = async (add: Add, known: boolean): Promise<Hold> => {
    const _id = pairOf(add.customerId, add.userid)
    const side = add.half ? 'half' : 'full'
    for (;;) {
      const doc = await holds.findOne({ _id })
      if (doc !== null && tellsOf(doc, add)) {
        if (doc[side] !== null) return doc
        const joined = await holds.updateOne({ _id, rev: doc.rev }, { $set: { [side]: add.at }, $inc: { rev: 1 } })
        if (joined.modifiedCount === 1) return doc
        continue
      }
      const key = addedKey(add.customerId, add.userid, add.at)
      const made = {
        key,
        half: null,
        full: null,
        [side]: add.at,
        endedAt: null,
        greeter: null,
        returning: known || doc !== null,
      }
      // A late word of an earlier hold, which is over.
      if (doc !== null && newest(doc) > add.at.getTime()) return { _id, key, returning: known, greeter: null }
      if (doc === null) {
        try {
          await holds.insertOne({ _id, ...made, rev: 0 })
          return { _id, ...made }
        } catch (error) {
          if (!isDuplicate(error)) throw error
          continue
        }
      }
      const replaced = await holds.updateOne({ _id, rev: doc.rev }, { $set: made, $inc: { rev: 1 } })
      if (replaced.modifiedCount === 1) return { _id, ...made }
    }
  }

  return {
    of,
    /** Keeps who greets for a hold; answers what stands: the first decision. */
    async decide(
      hold: Hold,
      greeter: { ruleId: string | null; because: readonly Because[] },
    ): Promise<NonNullable<HoldDoc['greeter']>> {
      if (hold.greeter !== null) return hold.greeter
      const mine = { ruleId: greeter.ruleId, because: [...greeter.because] }
      const { _id, key } = hold
      const decided = await holds.findOneAndUpdate(
        { _id, key, greeter: null },
        { $set: { greeter: mine }, $inc: { rev: 1 } },
        { returnDocument: 'after' },
      )
      return (decided ?? (await holds.findOne({ _id, key })))?.greeter ?? mine
    },
    /** The contact is over, by either side; of several ends the last, in whichever order they come. */
    async end(customerId: string, userid: string, at: Date): Promise<void> {
      await holds.updateOne({ _id: pairOf(customerId, userid) }, { $max: { endedAt: at }, $inc: { rev: 1 } })
    },
  }
}

export type Holds = ReturnType<typeof createHolds>
