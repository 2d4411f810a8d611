import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { indexOfValue, type Blind } from '../identity.ts'
import { walk, type Step } from './step.ts'

type Doc = Pick<CustomerDoc, '_id' | 'rev' | 'phones'>

const inClear = /^\+?\d{6,15}$/

/** Phones by which customers are looked up are known by their blind index; what they are read from is sealed by the change of keys. */
export const hidePhones = ({ connection }: Pick<Mongo, 'connection'>, blind: Blind): Step => {
  const customers = customerCollection(connection)
  return walk<Doc>({
    name: 'phones',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>({ _id: { $gt: after }, phones: { $regex: inClear.source } }, { projection: { rev: 1, phones: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await customers.bulkWrite(
        docs.map(({ _id, rev, phones }) => {
          const hidden = phones.map((phone) =>
            inClear.test(phone) ? indexOfValue(blind({ kind: 'phone', value: phone }).value) : phone,
          )
          return { updateOne: { filter: { _id, rev }, update: { $set: { phones: hidden }, $inc: { rev: 1 } } } }
        }),
        { ordered: false },
      )
      return docs.length
    },
  })
}
