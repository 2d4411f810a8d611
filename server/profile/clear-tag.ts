import { because } from '@zhiyin/shared/because'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'

type Deps = { mongo: Mongo; clock: Clock; append: (facts: readonly NewFact[]) => Promise<unknown> }

/**
 * Whoever has a tag. One that may have ended is off some on whom somebody had put it: it would stand again on them as soon as what holds for
 * it is changed. No index knows of those.
 */
const whoHas = (id: string, mayHaveEnded: boolean) =>
  mayHaveEnded ? { $or: [{ tagIds: id }, { 'state.tags': { $elemMatch: { id, on: true } } }] } : { tagIds: id }

/**
 * Takes a deleted tag off the next customers in the order of their ids, as facts, and out of what WeCom told of them (it took it off
 * without a word). Answers the last customer's id, null when there are no more. Safe to repeat.
 */
export const createClearTag = ({ mongo, clock, append }: Deps) => {
  const customers = customerCollection(mongo.connection)
  return async (
    tag: { id: string; name: string; wecomId: string | null; mayHaveEnded: boolean },
    after: string,
    limit: number,
  ): Promise<string | null> => {
    const docs = await customers
      .find<Pick<CustomerDoc, '_id'>>(
        { $and: [whoHas(tag.id, tag.mayHaveEnded), { _id: { $gt: after } }] },
        { projection: { _id: 1 } },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray()
    const ids = docs.map(({ _id }) => _id)
    if (ids.length > 0 && tag.wecomId !== null)
      await customers.updateMany(
        { _id: { $in: ids }, 'contact.follows.tagIds': tag.wecomId },
        { $pull: { 'contact.follows.$[].tagIds': tag.wecomId }, $inc: { rev: 1 } },
      )
    await append(
      ids.map((customerId) => ({
        id: `tag.removed:deleted:${customerId}:${tag.id}`,
        customerId,
        type: 'tag.removed',
        at: clock.date(),
        source: 'wecom',
        payload: { tagId: tag.id, tag: tag.name, because: [because('tag.deleted')] },
      })),
    )
    return ids.length < limit ? null : (ids.at(-1) ?? null)
  }
}
