import { consentSources, isReport } from '@zhiyin/shared/consent'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection } from '../customers.model.ts'
import { walk, type Step } from './step.ts'

/**
 * When one word of each purpose was kept, a report of a system may have taken the place of a withdrawal that somebody had noted: whoever
 * agreed by a report is worked out anew from what happened to them.
 */
export const recallWithdrawals = (
  { connection }: Pick<Mongo, 'connection'>,
  refold: (customerId: string) => Promise<void>,
): Step => {
  const customers = customerCollection(connection)
  const source = { $in: consentSources.filter(isReport) }
  const agreed = { 'state.consents': { $elemMatch: { state: 'granted' as const, source } } }
  return walk({
    name: 'withdrawals',
    limit: 50,
    page: (after, limit) =>
      customers
        .find<{ _id: string }>({ _id: { $gt: after }, ...agreed }, { projection: { _id: 1 } })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      for (const { _id } of docs) await refold(_id)
      return docs.length
    },
  })
}
