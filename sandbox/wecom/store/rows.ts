import { z } from 'zod'
import { ContactWay, Customer, Group, GroupMember, Member, Relation } from '../admin/contract.ts'

/** What the stand-in remembers, one schema per table. Times are epoch ms of its clock. */

/** `status` as in WeCom: 1 active, 2 disabled, 4 not activated, 5 left. */
export const MemberRow = Member.extend({
  status: z.int(),
  gender: z.int(),
  /** When he left the company. */
  left: z.int().optional(),
})
export const DepartmentRow = z.object({ id: z.int(), name: z.string(), parentid: z.int(), order: z.int() })
export const CustomerRow = Customer.extend({ corp_name: z.string().optional(), position: z.string().optional() })
export const RelationRow = Relation.extend({
  remark_corp_name: z.string(),
  remark_mobiles: z.array(z.string()),
  oper_userid: z.string(),
  /** The last time either side said something. */
  talkedAt: z.int(),
  /** The code of the last welcome callback. */
  welcomeCode: z.string().optional(),
  /** The acquisition link he came by. */
  link_id: z.string().optional(),
})
export const TagGroupRow = z.object({
  id: z.string(),
  name: z.string(),
  order: z.int(),
  create_time: z.int(),
  deleted: z.boolean(),
  /** Only tags of a strategy (规则组标签). */
  strategy_id: z.int().optional(),
})
export const TagRow = TagGroupRow.extend({ group_id: z.string() })
export const GroupMemberRow = GroupMember.extend({
  join_scene: z.int(),
  invitor: z.string().optional(),
  state: z.string().optional(),
})
export const GroupRow = Group.extend({
  members: z.array(GroupMemberRow),
  admins: z.array(z.string()),
  create_time: z.int(),
  member_version: z.string(),
  /** The welcome template its owner has turned on. */
  welcome: z.string().optional(),
  /** When it was handed to another owner. */
  handed: z.array(z.int()).optional(),
  /** Handed over after its owner had left. */
  inherited: z.boolean().optional(),
})
export const ContactWayRow = ContactWay.omit({ qr_code: true }).extend({
  type: z.int(),
  scene: z.int(),
  style: z.int().optional(),
  skip_verify: z.boolean(),
  party: z.array(z.int()),
  is_temp: z.boolean(),
  expires_in: z.int().optional(),
  chat_expires_in: z.int().optional(),
  unionid: z.string().optional(),
  conclusions: z.unknown().optional(),
  is_exclusive: z.boolean(),
  mark_source: z.boolean(),
  create_time: z.int(),
  /** How many scans it has had: spreads them over its members. */
  scans: z.int(),
})
/** `begun`: one side talked before the welcome went out, so it cannot any more. */
export const WelcomeCodeRow = z.object({
  code: z.string(),
  userid: z.string(),
  external_userid: z.string(),
  at: z.int(),
  state: z.enum(['open', 'used', 'begun']),
})
export const MassRow = z.object({
  msgid: z.string(),
  chat_type: z.enum(['single', 'group']),
  create_time: z.int(),
  /** 0 made through the API, 1 made by a member. */
  create_type: z.int(),
  creator: z.string().optional(),
  text: z.string(),
  attachments: z.array(z.unknown()),
  allow_select: z.boolean(),
  cancelled: z.boolean(),
  reminders: z.array(z.int()),
  senders: z.array(z.string()),
})
/** One member's part of a mass message. A result: 0 not sent, 1 sent, 2 not a friend, 3 quota used. */
export const MassTaskRow = z.object({
  msgid: z.string(),
  userid: z.string(),
  status: z.enum(['waiting', 'sent', 'cancelled']),
  targets: z.array(z.string()),
  sent_at: z.int().optional(),
  results: z.record(z.string(), z.int()),
})
export const TokenRow = z.object({ token: z.string(), secret: z.enum(['contact', 'agent', 'sync']), expires: z.int() })
export const TicketRow = z.object({ ticket: z.string(), kind: z.enum(['config', 'agentConfig']), expires: z.int() })
export const OauthCodeRow = z.object({ userid: z.string(), scope: z.string(), at: z.int(), used: z.boolean() })
export const UserTicketRow = z.object({ userid: z.string(), expires: z.int() })
export const MediaRow = z.object({
  media_id: z.string(),
  type: z.string(),
  filename: z.string(),
  mime: z.string(),
  at: z.int(),
  permanent: z.boolean(),
  /** Uploaded as an attachment of moments (1) or product albums (2). */
  scene: z.literal([1, 2]).optional(),
  base64: z.string(),
})
export const CountRow = z.int()
export const DuplicateRow = z.object({ msgid: z.string(), at: z.int() })
export const SettingsRow = z.object({
  callbackUrl: z.string(),
  sidebarUrl: z.string(),
  trustedDomain: z.string(),
  /** Where the AI bot's callbacks go. */
  botUrl: z.string().default(''),
})

export type MemberRow = z.infer<typeof MemberRow>
export type DepartmentRow = z.infer<typeof DepartmentRow>
export type CustomerRow = z.infer<typeof CustomerRow>
export type RelationRow = z.infer<typeof RelationRow>
export type TagGroupRow = z.infer<typeof TagGroupRow>
export type TagRow = z.infer<typeof TagRow>
export type GroupMemberRow = z.infer<typeof GroupMemberRow>
export type GroupRow = z.infer<typeof GroupRow>
export type ContactWayRow = z.infer<typeof ContactWayRow>
export type WelcomeCodeRow = z.infer<typeof WelcomeCodeRow>
export type MassRow = z.infer<typeof MassRow>
export type MassTaskRow = z.infer<typeof MassTaskRow>
export type SettingsRow = z.infer<typeof SettingsRow>
