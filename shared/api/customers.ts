import { z } from 'zod'
import { ConsentProof, ConsentSource, Purpose } from '../consent.ts'
import { ContactChange } from '../contact.ts'
import { CustomerProfile, CustomerRow, Suggestion, TimelineItem } from '../customer.ts'
import { Stage } from '../stage.ts'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

export const customers = {
  list: endpoint({
    method: 'GET',
    path: '/api/customers',
    permission: 'rep',
    summary: 'Customers, newest activity first; a rep sees only those they follow',
    params: none,
    query: Page.extend({
      q: z.string().trim().max(60).optional(),
      stage: Stage.optional(),
      tier: Tier.optional(),
      tagId: z.string().max(64).optional(),
      userid: z.string().max(64).optional(),
    }),
    body: none,
    output: pageOf(CustomerRow),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/customers/:id',
    permission: 'rep',
    summary: 'One customer: five layers, tags, tier and stage with their reasons',
    params: IdParams,
    query: none,
    body: none,
    output: CustomerProfile,
  }),
  /** The sidebar knows only the external_userid of the chat. */
  byExternal: endpoint({
    method: 'GET',
    path: '/api/customers/external/:id',
    permission: 'rep',
    summary: 'One customer by WeCom external_userid',
    params: IdParams,
    query: none,
    body: none,
    output: CustomerProfile,
  }),
  timeline: endpoint({
    method: 'GET',
    path: '/api/customers/:id/timeline',
    permission: 'rep',
    summary: 'What happened, newest first',
    params: IdParams,
    query: Page,
    body: none,
    output: pageOf(TimelineItem),
  }),
  suggestions: endpoint({
    method: 'GET',
    path: '/api/customers/:id/suggestions',
    permission: 'rep',
    summary: 'What to say now, with the reason',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ items: z.array(Suggestion) }),
  }),
  /** The sidebar handed a text to the chat (sendChatMessage); kept in the timeline as sent by the rep. */
  said: endpoint({
    method: 'POST',
    path: '/api/customers/:id/said',
    permission: 'rep',
    summary: 'Record that the rep sent a text from the sidebar',
    params: IdParams,
    query: none,
    body: z.object({
      key: z.string().min(8).max(64),
      text: z.string().min(1).max(4000),
      contentId: z.string().optional(),
      /** The send that this makes good by hand. */
      intentId: z.string().max(64).optional(),
    }),
    output: Ok,
  }),
  replied: endpoint({
    method: 'POST',
    path: '/api/customers/:id/replied',
    permission: 'rep',
    summary: 'Record that the customer answered (WeCom does not tell)',
    params: IdParams,
    query: none,
    /** `text`: what they answered; one of the company’s words for “no more messages” in it withdraws the consent to marketing. */
    body: z.object({ key: z.string().min(8).max(64), text: z.string().trim().min(1).max(500).optional() }),
    output: z.object({ ok: z.literal(true), optedOut: z.boolean() }),
  }),
  addTag: endpoint({
    method: 'POST',
    path: '/api/customers/:id/tags',
    permission: 'rep',
    summary: 'Put a tag on a customer',
    params: IdParams,
    query: none,
    body: z.object({ tagId: z.string().max(64) }),
    output: CustomerProfile,
  }),
  removeTag: endpoint({
    method: 'DELETE',
    path: '/api/customers/:id/tags/:tagId',
    permission: 'rep',
    summary: 'Take a tag off a customer',
    params: IdParams.extend({ tagId: z.string().max(64) }),
    query: none,
    body: none,
    output: CustomerProfile,
  }),
  setConsent: endpoint({
    method: 'PUT',
    path: '/api/customers/:id/consent',
    permission: 'rep',
    summary:
      'Record consent to a purpose, or its withdrawal, with its proof. A withdrawal holds at once: marketing (no messages that sell), ' +
      'sharing (left out of exports and of webhooks of rules), profiling (no tag rules, segments or values worked out of behaviour, no tags or attributes by rules; stage and tier stay, for ' +
      'they only say what was bought and when somebody was last there, which serving the customer needs: PIPL 13 (2)). What is recorded ' +
      'here with the source rep, customer, form or wecom is an act: no later report of a system (ingest, import) lifts such a withdrawal',
    params: IdParams,
    query: none,
    body: z.object({
      purpose: Purpose.default('marketing'),
      state: z.enum(['granted', 'withdrawn']),
      source: ConsentSource.default('rep'),
      proof: ConsentProof.optional(),
    }),
    output: CustomerProfile,
  }),
  /** Remark, description, company and phones, as WeCom keeps them for one rep and the customer. */
  editContact: endpoint({
    method: 'PUT',
    path: '/api/customers/:id/contact',
    permission: 'rep',
    summary: 'Change what a rep notes of a customer, in WeCom too; a rep only their own notes',
    params: IdParams,
    query: none,
    body: ContactChange,
    output: CustomerProfile,
  }),
  writeNote: endpoint({
    method: 'POST',
    path: '/api/customers/:id/notes',
    permission: 'rep',
    summary: 'Write a note',
    params: IdParams,
    query: none,
    body: z.object({ key: z.string().min(8).max(64), text: z.string().trim().min(1).max(2000) }),
    output: Ok,
  }),
}
