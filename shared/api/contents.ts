import { z } from 'zod'
import { Content, ContentInput, ContentSettings, ContentVersion } from '../content.ts'
import { VariantResult } from '../measure.ts'
import { Tier } from '../tier.ts'
import { Stage } from '../stage.ts'
import { Variable } from '../variable.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

const Version = z.object({ version: z.int().min(1) })

export const contents = {
  list: endpoint({
    method: 'GET',
    path: '/api/contents',
    permission: 'rep',
    summary: 'Content items',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Content), settings: ContentSettings }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/contents/:id',
    permission: 'rep',
    summary: 'One content item',
    params: IdParams,
    query: none,
    body: none,
    output: Content,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/contents',
    permission: 'manager',
    summary: 'Make a content item',
    params: none,
    query: none,
    body: ContentInput,
    output: Content,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/contents/:id',
    permission: 'manager',
    summary: 'Change a content item; what it was before is kept as a version',
    params: IdParams,
    query: none,
    body: ContentInput,
    output: Content,
  }),
  versions: endpoint({
    method: 'GET',
    path: '/api/contents/:id/versions',
    permission: 'rep',
    summary: 'What a content item was and is, newest first',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ items: z.array(ContentVersion) }),
  }),
  rollBack: endpoint({
    method: 'POST',
    path: '/api/contents/:id/roll-back',
    permission: 'manager',
    summary: 'Make an earlier version the newest one again',
    params: IdParams,
    query: none,
    body: Version,
    output: Content,
  }),
  approve: endpoint({
    method: 'POST',
    path: '/api/contents/:id/approve',
    permission: 'manager',
    summary: 'Approve the newest version; not by who wrote it',
    params: IdParams,
    query: none,
    body: Version,
    output: Content,
  }),
  configure: endpoint({
    method: 'PUT',
    path: '/api/content-settings',
    permission: 'manager',
    summary: 'Whether only approved versions are sent',
    params: none,
    query: none,
    body: ContentSettings,
    output: ContentSettings,
  }),
  results: endpoint({
    method: 'GET',
    path: '/api/contents/:id/results',
    permission: 'manager',
    summary: 'What became of each variant of a content: sent, arrived, opened, answered, bought within 7 days',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ items: z.array(VariantResult) }),
  }),
  variables: endpoint({
    method: 'GET',
    path: '/api/content-variables',
    permission: 'rep',
    summary: 'What a template may name',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Variable) }),
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/contents/preview',
    permission: 'manager',
    summary: 'Render templates for a customer, or with sample data',
    params: none,
    query: none,
    body: z.object({
      texts: z.array(z.string().max(8000)).min(1).max(20),
      tier: Tier.optional(),
      stage: Stage.optional(),
      customerId: z.string().max(64).optional(),
      couponId: z.string().max(64).optional(),
    }),
    output: z.object({
      texts: z.array(z.object({ text: z.string(), bytes: z.int() })),
      /** Variables of which nothing is known of this customer; what stands there is the fallback. */
      fallbacks: z.array(Variable.pick({ path: true, name: true, nameEn: true })),
    }),
  }),
}
