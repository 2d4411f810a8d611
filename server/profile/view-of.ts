import { withSeen } from '../conditions/seen.ts'
import type { CustomerDoc } from './customers.model.ts'
import type { CustomerView } from './view.ts'

const viewFields = {
  name: 1,
  externalUserId: 1,
  stage: 1,
  tier: 1,
  tagIds: 1,
  levels: 1,
  segments: 1,
  groupIds: 1,
  attrs: 1,
  orders: 1,
  purchases: 1,
  spend: 1,
  lastSeenAt: 1,
  lastOrderAt: 1,
  lastProduct: 1,
  medianGapDays: 1,
  follows: 1,
  consent: 1,
  consents: 1,
} as const

export type ViewDoc = Pick<CustomerDoc, '_id' | keyof typeof viewFields> & {
  state: Pick<CustomerDoc['state'], 'events'>
}
/** What a view needs of a customer. */
export const viewProjection = { ...viewFields, 'state.events': 1 } as const

/** What others may know of a customer, and nothing beside it. */
export const viewOf = (doc: ViewDoc): CustomerView => ({
  id: doc._id,
  events: doc.state.events,
  name: doc.name,
  externalUserId: doc.externalUserId,
  stage: doc.stage,
  tier: doc.tier,
  tagIds: doc.tagIds,
  levels: doc.levels,
  segments: doc.segments,
  groupIds: doc.groupIds,
  attrs: withSeen(doc.attrs, doc.lastSeenAt),
  orders: doc.orders,
  purchases: doc.purchases,
  spend: doc.spend,
  lastSeenAt: doc.lastSeenAt,
  lastOrderAt: doc.lastOrderAt,
  lastProduct: doc.lastProduct,
  medianGapDays: doc.medianGapDays,
  follows: doc.follows,
  consent: doc.consent,
  consents: doc.consents,
})
