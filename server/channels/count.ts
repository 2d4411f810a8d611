import type { Fact } from '@zhiyin/shared/fact'
import type { FactsRead } from '../events/read.ts'
import { createGather } from '../platform/gather.ts'
import type { Mongo } from '../platform/mongo.ts'
import { addsModel, type AddDoc } from './adds.model.ts'
import { addsOf, addTypes, type AddFact } from './adds.ts'

type Deps = {
  mongo: Mongo
  zone: string
  facts: Pick<FactsRead, 'list'>
  /** Somebody new came through these channels. */
  onAdded: (channelIds: readonly string[]) => Promise<void>
}

const isAddFact = (fact: Fact): fact is AddFact => addTypes.some((type) => type === fact.type)
/** All of a customer's: what is not read counts as not there. */
const everything = 100_000
const idsOf = (facts: readonly AddFact[]): string =>
  facts
    .map(({ id }) => id)
    .sort()
    .join(' ')

/** Keeps `channel_adds` what a customer's facts say; called with facts as they are delivered, once or often. */
export const createCount = ({ mongo, zone, facts, onAdded }: Deps) => {
  const model = addsModel(mongo.connection)

  const known = createGather(async (customerIds: readonly string[]): Promise<boolean[]> => {
    const found = await model.distinct('customerId', { customerId: { $in: [...new Set(customerIds)] } })
    const ids = new Set(found)
    return customerIds.map((id) => ids.has(id))
  })

  const write = async (customerId: string, adds: readonly AddDoc[]): Promise<void> => {
    await model.bulkWrite(
      [
        ...adds.map(({ _id, ...rest }) => ({
          updateOne: { filter: { _id }, update: { $set: rest }, upsert: true },
        })),
        { deleteMany: { filter: { customerId, _id: { $nin: adds.map(({ _id }) => _id) } } } },
      ],
      { ordered: false },
    )
  }

  /** Facts are kept before they are delivered: whoever writes last has read them all, or finds more when looking again. */
  const work = async (customerId: string): Promise<AddDoc[]> => {
    let read = await facts.list(customerId, { types: addTypes, limit: everything })
    for (;;) {
      const adds = addsOf(customerId, read, zone)
      await write(customerId, adds)
      const again = await facts.list(customerId, { types: addTypes, limit: everything })
      if (idsOf(again) === idsOf(read)) return adds
      read = again
    }
  }

  return {
    async count(customerId: string, news: readonly Fact[]): Promise<void> {
      const ours = news.filter(isAddFact)
      if (ours.length === 0) return
      const came = ours.flatMap((fact) => (fact.type === 'contact.added' ? (fact.payload.channelId ?? []) : []))
      if (came.length === 0 && !(await known(customerId))) return
      await work(customerId)
      if (came.length > 0) await onAdded([...new Set(came)])
    },
    /** A customer has other facts than before, old ones among them. */
    async recount(customerId: string): Promise<void> {
      await work(customerId)
    },
  }
}
