import { z } from 'zod'
import { endpoint, none } from './endpoint.ts'

/** A channel QR code (渠道活码): who comes through it is tagged with its tags and known by its name. */
export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  userids: z.array(z.string()),
  tagIds: z.array(z.string()),
  qrUrl: z.string(),
  configId: z.string(),
  added: z.int(),
})
export type Channel = z.infer<typeof Channel>

export const channels = {
  list: endpoint({
    method: 'GET',
    path: '/api/channels',
    permission: 'manager',
    summary: 'Channel QR codes',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Channel) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/channels',
    permission: 'manager',
    summary: 'Make a channel QR code in WeCom',
    params: none,
    query: none,
    body: z.object({
      name: z.string().trim().min(1).max(30),
      userids: z.array(z.string().min(1)).min(1).max(100),
      tagIds: z.array(z.string()).max(20).default([]),
    }),
    output: Channel,
  }),
}
