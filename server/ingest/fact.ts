import type { NewFact } from '@zhiyin/shared/fact'
import { factIdOf, type Message } from './message.ts'
import { orderCompleted, orderRefunded } from './orders.ts'
import { plainRecord } from './plain.ts'

/** A fact but for whose it is. */
type Unowned<F = NewFact> = F extends NewFact ? Omit<F, 'customerId'> : never
export type Made = { readonly fact: Unowned } | { readonly problem: string }

/** Gives a fact its owner. */
export const ownedBy = (fact: Unowned, customerId: string): NewFact => ({ ...fact, customerId })

/** What a message says, as a fact. Orders, refunds and answers have their own kinds; anything else is a behaviour. */
export const factOf = (message: Message, at: Date): Made => {
  const base = { id: factIdOf(message), at, source: 'ingest' } as const
  if (message.type === 'identify') {
    const traits = plainRecord(message.input.traits)
    return { fact: { ...base, type: 'profile.identified', payload: { traits, source: 'ingest' } } }
  }
  const { event, properties } = message.input
  switch (event) {
    case 'Order Completed': {
      const read = orderCompleted(properties)
      return 'problem' in read ? read : { fact: { ...base, type: 'order.completed', payload: read.payload } }
    }
    case 'Order Refunded': {
      const read = orderRefunded(properties)
      return 'problem' in read ? read : { fact: { ...base, type: 'order.refunded', payload: read.payload } }
    }
    case 'Customer Replied':
      return { fact: { ...base, type: 'customer.replied', payload: { via: 'ingest' } } }
    default:
      return {
        fact: { ...base, type: 'behavior.tracked', payload: { name: event, properties: plainRecord(properties) } },
      }
  }
}
