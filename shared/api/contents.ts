import { z } from 'zod'
import { Content, ContentInput } from '../content.ts'
import { Tier } from '../tier.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

export const contents = {
  list: endpoint({
    method: 'GET',
    path: '/api/contents',
    permission: 'rep',
    summary: 'Content items',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Content) }),
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
    summary: 'Change a content item',
    params: IdParams,
    query: none,
    body: ContentInput,
    output: Content,
  }),
  preview: endpoint({
    method: 'POST',
    path: '/api/contents/preview',
    permission: 'manager',
    summary: 'Render a template with sample data',
    params: none,
    query: none,
    body: z.object({ text: z.string().max(8000), tier: Tier.optional(), customerId: z.string().optional() }),
    output: z.object({ text: z.string(), bytes: z.int() }),
  }),
}
