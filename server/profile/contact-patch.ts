import type { Contact, CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { signalsOf } from './signals.ts'

type Known = Pick<CustomerDoc, '_id' | 'state' | 'contact' | 'createdAt' | 'externalUserId'>

/** Puts a changed word of WeCom's into a customer: the update of one bulkWrite. */
export const contactPatch = ({ _id, state, createdAt, externalUserId }: Known, contact: Contact) => ({
  updateOne: {
    filter: { _id },
    update: {
      $set: { contact, ...lookUpOf(state, contact, signalsOf(state), { createdAt, externalUserId }) },
      $inc: { rev: 1 },
    },
  },
})
