import { z } from 'zod'
import { CustomerIdentity, CustomerMerge, IdentityReview } from '../identity.ts'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

const note = z.string().trim().max(500).default('')
const customerId = z.string().min(1).max(64)

export const identities = {
  reviews: endpoint({
    method: 'GET',
    path: '/api/identities/reviews',
    permission: 'manager',
    summary:
      'Pairs of customers of whom it is in doubt whether they are one, or of whom somebody said that they are not; newest first',
    params: none,
    query: Page.extend({ state: z.enum(['open', 'different']).default('open') }),
    body: none,
    output: pageOf(IdentityReview),
  }),
  count: endpoint({
    method: 'GET',
    path: '/api/identities/count',
    permission: 'manager',
    summary: 'How many pairs wait for somebody to look at them, up to 99',
    params: none,
    query: none,
    body: none,
    output: z.object({ open: z.int() }),
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/identities/reviews/:id',
    permission: 'manager',
    summary: 'Say of a pair that they are one person, who of them stays, or that they are two',
    params: IdParams,
    query: none,
    body: z.discriminatedUnion('decision', [
      z.object({ decision: z.literal('same'), keep: customerId, note }),
      z.object({ decision: z.literal('different'), note }),
    ]),
    output: Ok,
  }),
  merges: endpoint({
    method: 'GET',
    path: '/api/identities/merges',
    permission: 'manager',
    summary: 'Customers who became one, newest first',
    params: none,
    query: Page,
    body: none,
    output: pageOf(CustomerMerge),
  }),
  split: endpoint({
    method: 'POST',
    path: '/api/identities/merges/:id/split',
    permission: 'manager',
    summary:
      'Part two who were made one, as if they had never been: each has what came through its identities, before and since; they are not made one by themselves again',
    params: IdParams,
    query: none,
    body: z.object({ note }),
    output: CustomerMerge,
  }),
  merge: endpoint({
    method: 'POST',
    path: '/api/customers/:id/merge',
    permission: 'manager',
    summary: 'Make another customer part of this one; a WeCom contact can only be the one who stays',
    params: IdParams,
    query: none,
    body: z.object({ other: customerId, note }),
    output: CustomerMerge,
  }),
  ofCustomer: endpoint({
    method: 'GET',
    path: '/api/customers/:id/identities',
    permission: 'rep',
    summary: 'By what a customer is known, and whom they were made of',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ identities: z.array(CustomerIdentity), merges: z.array(CustomerMerge) }),
  }),
}
