import type { NewFact } from '@zhiyin/shared/fact'
import { eventName, withProducts } from './behaviours.ts'
import type { Message } from './message.ts'
import { cancelledOrder, orderOf, refundOf, updatedOrder } from './orders.ts'
import { plainRecord } from './plain.ts'
import type { Refused } from './problem.ts'

/** A fact but for whose it is. */
type Unowned<F = NewFact> = F extends NewFact ? Omit<F, 'customerId'> : never
export type Made = { readonly fact: Unowned } | Refused

/** Gives a fact its owner. */
export const ownedBy = (fact: Unowned, customerId: string): NewFact => ({ ...fact, customerId })

const pages = { page: 'Page Viewed', screen: 'Screen Viewed' } as const

/** The traits of a company as those of whoever belongs to it: its name is `company`, its id `company_id`, the rest `company_…`. */
const companyOf = (groupId: string, { name, ...rest }: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...(typeof name === 'string' ? { company: name } : {}),
  ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [`company_${key}`, value])),
  company_id: groupId,
})

/** What a message says, as a fact with this id. Orders, refunds and answers have their own kinds; anything else somebody did is a behaviour. */
export const factOf = (message: Exclude<Message, { kind: 'alias' }>, id: string, at: Date): Made => {
  const base = { id, at, source: 'ingest' } as const
  const behaved = (name: string, properties: Readonly<Record<string, unknown>>): Made => ({
    fact: { ...base, type: 'behavior.tracked', payload: { name, properties: plainRecord(withProducts(properties)) } },
  })
  const identified = (traits: Readonly<Record<string, unknown>>): Made => ({
    fact: { ...base, type: 'profile.identified', payload: { traits: plainRecord(traits), source: 'ingest' } },
  })
  switch (message.kind) {
    case 'identify':
      return identified(message.input.traits)
    case 'group':
      return identified(companyOf(message.input.groupId, message.input.traits))
    case 'page':
    case 'screen': {
      const { name, category, properties } = message.input
      return behaved(pages[message.kind], {
        ...(name ? { name } : {}),
        ...(category ? { category } : {}),
        ...properties,
      })
    }
    case 'track': {
      const { properties } = message.input
      const event = eventName(message.input.event)
      switch (event) {
        case 'Order Completed': {
          const read = orderOf(properties)
          return 'problem' in read ? read : { fact: { ...base, type: 'order.completed', payload: read.payload } }
        }
        case 'Order Updated': {
          const read = updatedOrder(properties)
          return 'problem' in read ? read : { fact: { ...base, type: 'order.updated', payload: read.payload } }
        }
        case 'Order Cancelled': {
          const read = cancelledOrder(properties)
          return 'problem' in read ? read : { fact: { ...base, type: 'order.cancelled', payload: read.payload } }
        }
        case 'Order Refunded': {
          const read = refundOf(properties)
          return 'problem' in read ? read : { fact: { ...base, type: 'order.refunded', payload: read.payload } }
        }
        case 'Customer Replied':
          return { fact: { ...base, type: 'customer.replied', payload: { via: 'ingest' } } }
        default:
          return behaved(event, properties)
      }
    }
  }
}
