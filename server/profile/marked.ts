import { createGather } from '../platform/gather.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection } from './customers.model.ts'

/** Tags put on and taken off one pair in WeCom; ids are WeCom's. */
export type Mark = { userid: string; externalUserId: string; add: readonly string[]; remove: readonly string[] }

/** Our own marking calls nothing back, so what WeCom tells of the pair is written with the call. Those who come together are written together. */
export const createMarked = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const customers = customerCollection(mongo.connection)
  const operationsOf = ({ userid, externalUserId, add, remove }: Mark) => {
    const filter = { externalUserId, 'contact.follows.userid': userid }
    const arrayFilters = [{ 'follow.userid': userid }]
    const path = 'contact.follows.$[follow].tagIds'
    return [
      ...(add.length === 0 ? [] : [{ $addToSet: { [path]: { $each: [...add] } } }]),
      ...(remove.length === 0 ? [] : [{ $pull: { [path]: { $in: [...remove] } } }]),
    ].map((change) => ({
      updateOne: {
        filter,
        update: { ...change, $max: { 'contact.heardAt': clock.date() }, $inc: { rev: 1 } },
        arrayFilters,
      },
    }))
  }
  return createGather(async (marks: readonly Mark[]): Promise<readonly void[]> => {
    const operations = marks.flatMap(operationsOf)
    if (operations.length > 0) await customers.bulkWrite(operations)
    return marks.map(() => undefined)
  })
}
