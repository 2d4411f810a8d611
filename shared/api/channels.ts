import { z } from 'zod'
import { endpoint, FileOut, IdParams, none, Ok } from './endpoint.ts'

const userid = z.string().min(1).max(64)
const from = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
/** 24:00 is the end of the day. */
const to = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM')

/** Hours of the company's zone on some weekdays (1 = Monday). `to` not after `from` ends on the next day. */
export const Shift = z.object({
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
  from,
  to,
  userids: z.array(userid).min(1).max(100),
})
export type Shift = z.infer<typeof Shift>

/** What a manager says of a channel. `exclusive` holds for ever; everything else may change. */
export const ChannelInput = z.object({
  name: z.string().trim().min(1).max(30),
  /** For administrators, in WeCom too; the name where it is empty. */
  remark: z.string().trim().max(30).default(''),
  userids: z.array(userid).min(1).max(100),
  /** None: all of `userids` always. */
  shifts: z.array(Shift).max(50).default([]),
  /** Who serves while nobody is on duty, or all who are have their day's number. */
  backups: z.array(userid).max(100).default([]),
  /** New customers per rep and day; null: no limit. Backups have none. */
  capPerDay: z.int().min(1).max(10_000).nullable().default(null),
  tagIds: z.array(z.string()).max(20).default([]),
  /** The customer becomes a contact without the rep having to agree. */
  skipVerify: z.boolean().default(true),
  /** Whoever has a rep of the company already comes to the same one again. */
  exclusive: z.boolean().default(false),
  /** WeCom shows reps that the customer comes from marketing. */
  markSource: z.boolean().default(true),
})
export type ChannelInput = z.infer<typeof ChannelInput>

/** `making`: asked of WeCom, the answer is being looked for; `gone`: no longer in WeCom; `deleted`: only its history is left. */
export const channelStatuses = ['making', 'on', 'paused', 'gone', 'deleted'] as const

/**
 * Who is behind the code: those on `duty`, the `backup`s, the `rest` (no backup is left, so everybody of the channel), or `nobody` who
 * can serve, and WeCom keeps whom it had.
 */
export const servedBy = ['duty', 'backup', 'rest', 'nobody'] as const

/** A channel QR code (渠道活码): who comes through it is tagged with its tags and known by its name. */
export const Channel = ChannelInput.extend({
  id: z.string(),
  state: z.string(),
  status: z.enum(channelStatuses),
  configId: z.string().nullable(),
  qrUrl: z.string(),
  /** Who is behind the code in WeCom, by what, and until when if that is known. */
  serving: z.object({ userids: z.array(userid), by: z.enum(servedBy), until: z.iso.datetime().nullable() }),
  /** Reps who have had their day's number. */
  full: z.array(userid),
  /** Reps who cannot serve: they left, or WeCom says why not. */
  unable: z.array(z.object({ userid, errcode: z.int().nullable() })),
  /** Why WeCom does not have it as it should be, in the reader's language. */
  problem: z.string().nullable(),
  today: z.int(),
  last30: z.int(),
  createdAt: z.iso.datetime(),
})
export type Channel = z.infer<typeof Channel>

/** Names of members by userid: a manager's list of members may not have them all. */
const names = z.record(z.string(), z.string())

/** Customers who came; of them: still with the company, gone (within 24 h), bought since. */
export const ChannelCounts = z.object({
  adds: z.int(),
  following: z.int(),
  lost: z.int(),
  lost24h: z.int(),
  ordered: z.int(),
})
export type ChannelCounts = z.infer<typeof ChannelCounts>

/** Days are those of the company's zone, 2026-11-23; every day of the span is there. */
export const ChannelStats = z.object({
  total: ChannelCounts,
  days: z.array(ChannelCounts.extend({ day: z.string() })),
  reps: z.array(ChannelCounts.extend({ userid, name: z.string(), today: z.int() })),
})
export type ChannelStats = z.infer<typeof ChannelStats>

/** A contact way in WeCom that no channel holds. `ours`: the state is a channel's, so it was made for that one and never used. */
export const StrayWay = z.object({
  configId: z.string(),
  state: z.string(),
  remark: z.string(),
  userids: z.array(userid),
  qrUrl: z.string(),
  ours: z.boolean(),
})
export type StrayWay = z.infer<typeof StrayWay>

export const channels = {
  list: endpoint({
    method: 'GET',
    path: '/api/channels',
    permission: 'manager',
    summary: 'Channel QR codes',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Channel), names }),
  }),
  strays: endpoint({
    method: 'GET',
    path: '/api/channels/strays',
    permission: 'manager',
    summary: 'Contact ways of the last 90 days in WeCom that no channel holds; at most 100 at a time',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(StrayWay), more: z.boolean(), names }),
  }),
  get: endpoint({
    method: 'GET',
    path: '/api/channels/:id',
    permission: 'manager',
    summary: 'One channel, and the rules that welcome who comes through it',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ channel: Channel, names, welcomes: z.array(z.object({ id: z.string(), name: z.string() })) }),
  }),
  stats: endpoint({
    method: 'GET',
    path: '/api/channels/:id/stats',
    permission: 'manager',
    summary: 'Who came through a channel, by day and by rep',
    params: IdParams,
    query: z.object({ days: z.coerce.number().int().min(1).max(180).default(30) }),
    body: none,
    output: ChannelStats,
  }),
  picture: endpoint({
    method: 'GET',
    path: '/api/channels/:id/qr',
    permission: 'manager',
    summary: 'The QR code as WeCom draws it, to save and print',
    params: IdParams,
    query: none,
    body: none,
    output: FileOut,
    download: true,
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/channels',
    permission: 'manager',
    summary: 'Make a channel QR code in WeCom',
    params: none,
    query: none,
    body: ChannelInput,
    output: Channel,
  }),
  adopt: endpoint({
    method: 'POST',
    path: '/api/channels/strays/:id/adopt',
    permission: 'manager',
    summary: 'Make a channel of a contact way that stands in WeCom already',
    params: IdParams,
    query: none,
    body: z.object({ name: ChannelInput.shape.name }),
    output: Channel,
  }),
  removeStray: endpoint({
    method: 'DELETE',
    path: '/api/channels/strays/:id',
    permission: 'manager',
    summary: 'Delete a contact way in WeCom that no channel holds',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/channels/:id',
    permission: 'manager',
    summary: 'Change a channel, here and in WeCom; `exclusive` stays as it was made',
    params: IdParams,
    query: none,
    body: ChannelInput,
    output: Channel,
  }),
  pause: endpoint({
    method: 'POST',
    path: '/api/channels/:id/pause',
    permission: 'manager',
    summary: 'Leave everybody to the backups; the code goes on working',
    params: IdParams,
    query: none,
    body: none,
    output: Channel,
  }),
  resume: endpoint({
    method: 'POST',
    path: '/api/channels/:id/resume',
    permission: 'manager',
    summary: 'End a pause',
    params: IdParams,
    query: none,
    body: none,
    output: Channel,
  }),
  remake: endpoint({
    method: 'POST',
    path: '/api/channels/:id/remake',
    permission: 'manager',
    summary: 'Make a new code for a channel whose code is gone from WeCom',
    params: IdParams,
    query: none,
    body: none,
    output: Channel,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/channels/:id',
    permission: 'manager',
    summary: 'Delete the code in WeCom; who came through it stays known',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
}
