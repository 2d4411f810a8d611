import { purposes } from '@zhiyin/shared/consent'
import type { Mongo } from '../../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from '../customers.model.ts'
import { consentsOf, withConsents } from '../state/consents.ts'
import { walk, type Step } from './step.ts'

type Doc = Pick<CustomerDoc, '_id' | 'rev'> & { readonly state: Pick<CustomerDoc['state'], 'traits'> }

const fields = { rev: 1, 'state.traits': 1 } as const

/** Consent that was a trait among others becomes a consent to a purpose; who said nothing of it is left to `five-layers`. */
export const takeConsents = ({ connection }: Pick<Mongo, 'connection'>): Step => {
  const customers = customerCollection(connection)
  const said = {
    'state.consents': { $exists: false },
    'state.traits.key': { $in: purposes.map((purpose) => `${purpose}_consent`) },
  }
  return walk<Doc>({
    name: 'consents',
    limit: 1000,
    page: (after, limit) =>
      customers
        .find<Doc>({ _id: { $gt: after }, ...said }, { projection: fields })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),
    async change(docs) {
      await customers.bulkWrite(
        docs.map(({ _id, rev, state }) => {
          const { traits, consents } = withConsents(state)
          const all = consentsOf({ consents })
          const set = { 'state.traits': traits, 'state.consents': consents, consent: all.marketing, consents: all }
          return { updateOne: { filter: { _id, rev }, update: { $set: set, $inc: { rev: 1 } } } }
        }),
        { ordered: false },
      )
      return docs.length
    },
  })
}
