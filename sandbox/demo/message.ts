import type { Deed } from '../population/deed.ts'
import type { Person } from '../population/person.ts'

/** A Segment message. */
export type Message = Readonly<Record<string, unknown>>

/** Most have ticked that their data may be handed on, one in ten took it back, the others were never asked. */
const sharingOf = (index: number): Message => {
  const of = index % 10
  return of > 7 ? {} : { sharing_consent: of === 7 ? 'withdrawn' : 'granted' }
}

/** Who somebody is; a third of them leave no phone and no birthday. */
export const identityOf = (person: Person, external: string): Message => ({
  ...{ type: 'identify', messageId: `${person.account}-is`, userId: person.account },
  traits: {
    external_userid: external,
    name: person.name,
    city: person.city,
    ...(person.index % 3 === 2 ? {} : { phone: person.phone, birthday: person.birthday }),
    肤质: person.skin,
    ...sharingOf(person.index),
  },
})

/** The shop's own word of a deed; null for what happens in WeCom. */
export const messageOf = (deed: Deed, account: string, timestamp: string): Message | null => {
  const base = { type: 'track', messageId: deed.id, userId: account, timestamp } as const
  switch (deed.kind) {
    case 'order': {
      const products = deed.items.map(({ product: { id, ...rest }, quantity }) => ({
        product_id: id,
        ...rest,
        quantity,
      }))
      return {
        ...base,
        event: 'Order Completed',
        properties: { order_id: deed.id, total: deed.total, currency: 'CNY', products },
      }
    }
    case 'refund':
      return {
        ...base,
        event: 'Order Refunded',
        properties: { order_id: deed.order, refund_id: deed.id, total: deed.amount, currency: 'CNY' },
      }
    case 'browse':
      return { ...base, event: deed.event, properties: deed.properties }
    default:
      return null
  }
}
