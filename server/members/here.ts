import type { Mongo } from '../platform/mongo.ts'
import { membersModel } from './members.model.ts'

/** Who is here, for comparing with WeCom's list. */
export const createHere = ({ mongo }: { mongo: Mongo }) => {
  const model = membersModel(mongo.connection)
  return {
    userids: async (): Promise<string[]> =>
      (await model.find({ active: true }, { _id: 1 }).lean<{ _id: string }[]>()).map(({ _id }) => _id),
    /** The member has the customer-contact function, of which no callback tells. */
    markRep: async (userid: string): Promise<void> =>
      void (await model.updateOne({ _id: userid, active: true }, { $set: { rep: true } })),
  }
}
