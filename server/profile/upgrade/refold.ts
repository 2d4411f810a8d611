import { setTimeout as sleep } from 'node:timers/promises'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection } from '../customers.model.ts'
import { walk, type Step } from './step.ts'

type Deps = {
  /** Lets facts dated ahead, which counted at once, wait for their moment. */
  waitAhead: (customerIds: readonly string[]) => Promise<void>
  /** Makes a customer's state anew from all their facts. */
  refold: (customerId: string) => Promise<void>
}

/** So much of the time it took it rests after each: events are not to wait for it. */
const restShare = 0.6

/**
 * Makes every customer's state anew from what happened to them, one after the other: what is kept of them now was not kept before. It has
 * another name whenever facts add up to something else: now what files and rules say is kept beside what a shop says.
 */
export const refoldAll = ({ connection }: Pick<Mongo, 'connection'>, { waitAhead, refold }: Deps): Step => {
  const customers = customerCollection(connection)
  return walk({
    name: 'refold-sources',
    limit: 50,
    page: (after, limit) =>
      customers
        .find<{ _id: string }>({ _id: { $gt: after } }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await waitAhead(docs.map(({ _id }) => _id))
      for (const { _id } of docs) {
        const began = performance.now()
        await refold(_id)
        await sleep((performance.now() - began) * restShare)
      }
      return docs.length
    },
  })
}
