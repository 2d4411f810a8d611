import { z } from 'zod'
import { atMostBytes } from '../bytes.ts'
import { Attachment } from '../content.ts'
import { endpoint, FileOut, IdParams, none, Ok } from './endpoint.ts'

/**
 * Where a thing stands that WeCom makes and can neither list nor look up. `unsure`: the answer was lost, so nobody knows whether WeCom
 * has made it; a person decides.
 */
export const makingStates = ['making', 'on', 'unsure'] as const
export const Making = z.enum(makingStates)
export type Making = z.infer<typeof Making>
/** What a person decides of an unsure one: ask WeCom once more (there may then be two in WeCom), or forget it here. */
const Decision = z.object({ decision: z.enum(['again', 'forget']) })
export type Decision = z.infer<typeof Decision>['decision']

/** A code that leads into customer groups (群活码). WeCom takes at most 5 groups. */
export const JoinWayInput = z
  .object({
    name: z.string().trim().min(1).max(30),
    groupIds: z.array(z.string().min(1)).min(1).max(5),
    /** When all groups are full, WeCom makes another one, named by base name and number. */
    autoCreate: z.boolean(),
    baseName: z.string().trim().max(40).default(''),
    baseNumber: z.int().min(0).max(1_000_000).default(1),
  })
  .refine(({ autoCreate, baseName }) => !autoCreate || baseName !== '', {
    path: ['baseName'],
    error: '自动建群要有群名前缀 / needs a base name',
  })
export type JoinWayInput = z.infer<typeof JoinWayInput>

export const JoinWay = z.object({
  id: z.string(),
  name: z.string(),
  state: Making,
  /** Where WeCom keeps the picture; empty while there is none. */
  qrUrl: z.string(),
  autoCreate: z.boolean(),
  baseName: z.string(),
  baseNumber: z.int(),
  groups: z.array(z.object({ id: z.string(), name: z.string(), members: z.int(), dismissed: z.boolean() })),
  /** Groups WeCom made by itself, as far as somebody has joined them. */
  made: z.array(z.object({ id: z.string(), name: z.string(), members: z.int(), dismissed: z.boolean() })),
  /** Who came by it, who of them is still there, and who came in the last 7 days. */
  joined: z.int(),
  staying: z.int(),
  week: z.int(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
})
export type JoinWay = z.infer<typeof JoinWay>

export const joinWays = {
  list: endpoint({
    method: 'GET',
    path: '/api/groups/join-ways',
    permission: 'manager',
    summary: 'Codes that lead into customer groups',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(JoinWay) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/groups/join-ways',
    permission: 'manager',
    summary: 'Make a code that leads into customer groups',
    params: none,
    query: none,
    body: JoinWayInput,
    output: JoinWay,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/groups/join-ways/:id',
    permission: 'manager',
    summary: 'Change a code that leads into customer groups',
    params: IdParams,
    query: none,
    body: JoinWayInput,
    output: JoinWay,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/groups/join-ways/:id',
    permission: 'manager',
    summary: 'Delete a code; printed ones stop working',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/groups/join-ways/:id/decide',
    permission: 'manager',
    summary: 'Decide what becomes of a code whose making is unsure',
    params: IdParams,
    query: none,
    body: Decision,
    output: Ok,
  }),
  picture: endpoint({
    method: 'GET',
    path: '/api/groups/join-ways/:id/picture',
    permission: 'manager',
    summary: 'The picture of a code that leads into customer groups',
    params: IdParams,
    query: none,
    body: none,
    output: FileOut,
    download: true,
  }),
}

/** What a group says to who has just joined (入群欢迎语); %NICKNAME% is the newcomer. */
export const GroupWelcomeInput = z
  .object({
    name: z.string().trim().min(1).max(30),
    text: atMostBytes(3000).default(''),
    attachment: Attachment.nullable().default(null),
    /** WeCom tells the owners of groups that there is a new one. */
    notify: z.boolean().default(true),
  })
  .refine(({ text, attachment }) => text.trim() !== '' || attachment !== null, {
    path: ['text'],
    error: '文字和附件至少要有一样 / needs a text or an attachment',
  })
export type GroupWelcomeInput = z.infer<typeof GroupWelcomeInput>

export const GroupWelcome = z.object({
  id: z.string(),
  name: z.string(),
  state: Making,
  text: z.string(),
  attachment: Attachment.nullable(),
  notify: z.boolean(),
  changedAt: z.iso.datetime(),
  changedBy: z.string(),
})
export type GroupWelcome = z.infer<typeof GroupWelcome>

/** At most so many in WeCom (41055). */
export const mostGroupWelcomes = 100

export const groupWelcomes = {
  list: endpoint({
    method: 'GET',
    path: '/api/groups/welcomes',
    permission: 'manager',
    summary: 'Group welcome templates; the owner of a group turns one on in WeCom',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(GroupWelcome) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/groups/welcomes',
    permission: 'manager',
    summary: 'Make a group welcome template',
    params: none,
    query: none,
    body: GroupWelcomeInput,
    output: GroupWelcome,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/groups/welcomes/:id',
    permission: 'manager',
    summary: 'Change a group welcome template',
    params: IdParams,
    query: none,
    body: GroupWelcomeInput,
    output: GroupWelcome,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/groups/welcomes/:id',
    permission: 'manager',
    summary: 'Delete a group welcome template; groups that use it fall silent',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  decide: endpoint({
    method: 'POST',
    path: '/api/groups/welcomes/:id/decide',
    permission: 'manager',
    summary: 'Decide what becomes of a template whose making is unsure',
    params: IdParams,
    query: none,
    body: Decision,
    output: Ok,
  }),
}
