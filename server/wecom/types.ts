import type { MessageBody, WecomMedia } from './types/media.ts'
import type { WecomStatus } from './status.ts'
import type { ContactsSetup } from './types/contacts.ts'
import type { MassMessagesRead, MassMessagesSetup } from './types/mass-messages.ts'
import type { TagsSetup } from './types/tags.ts'
import type { TransfersRead, TransfersSetup } from './types/transfers.ts'
import type { AppMessagesWrite } from './types/app-messages.ts'
import type { RobotsWrite } from './types/robots.ts'
import type { GroupsRead } from './types/groups.ts'
import type { GroupStatsRead } from './types/group-stats.ts'
import type { GroupWelcomesRead, GroupWelcomesSetup } from './types/group-welcomes.ts'
import type { JoinWaysRead, JoinWaysSetup } from './types/join-ways.ts'
import type { ContactWaysRead, ContactWaysSetup } from './types/contact-ways.ts'
import type { WecomProbe } from './types/agent.ts'
import type { WecomOauth, WecomTickets } from './types/identity.ts'
import type { MembersRead } from './types/members.ts'

export type { TransferKind, TransferResult, TransfersSetup } from './types/transfers.ts'
export type { WecomApp, WecomProbe } from './types/agent.ts'
export type { JsapiSignature, TicketKind, WecomOauth, WecomTickets } from './types/identity.ts'
export type { WecomDepartment, WecomMember } from './types/members.ts'
export type { MessageAttachment, MessageBody, WecomMedia, WireFile } from './types/media.ts'

export type { AppSent, AppWire } from './types/app-messages.ts'
export type { RobotWire } from './types/robots.ts'
export type { ContactWay, ContactWayChange, NewContactWay } from './types/contact-ways.ts'
export type {
  ChatType,
  GroupMessage,
  GroupMessageResult,
  GroupMessageTask,
  MassMessagesRead,
  MassMessagesSetup,
} from './types/mass-messages.ts'

/** How one member holds a customer (跟进关系). `tagIds` are WeCom ids of corp tags. */
export type CustomerFollow = {
  userid: string
  remark?: string
  description?: string
  /** The company a member noted (remark_corp_name). */
  company?: string
  createdAt: Date
  /** WeCom's add_way (来源): 1 QR scan, 2 phone search, 3 card share, 16 acquisition link, 202 assigned, … */
  addWay?: number
  state?: string
  tagIds: string[]
  mobiles: string[]
}

export type CustomerContact = {
  externalUserId: string
  name: string
  avatar?: string
  /** 1 a WeChat user, 2 a WeCom user of another corp. */
  type: number
  /** 0 unknown, 1 male, 2 female. */
  gender: number
  unionid?: string
}

export type CustomerDetail = { contact: CustomerContact; follows: CustomerFollow[] }

/** One (member, customer) pair as the nightly walk meets it. */
export type CustomerPair = { contact: CustomerContact; follow: CustomerFollow }

export type { GroupChat, GroupStatus, ListedGroup } from './types/groups.ts'
export type { JoinWay, JoinWayFields } from './types/join-ways.ts'
export type { GroupWelcomeBody } from './types/group-welcomes.ts'
export type { GroupNumbers } from './types/group-stats.ts'

type CorpTag = { id: string; name: string; order: number }
export type CorpTagGroup = { id: string; name: string; order: number; tags: CorpTag[] }

/**
 * Everything we look up. All reads are safe to repeat and reject with WecomError
 * (`busy`, `blocked`, `unreachable`: later; `config`: a person must act; `gone`: no such thing).
 */
export type WecomRead = MembersRead &
  ContactWaysRead &
  MassMessagesRead &
  TransfersRead &
  GroupsRead &
  JoinWaysRead &
  GroupWelcomesRead &
  GroupStatsRead & {
    /** All pages of one customer; null when nobody in the app's range holds them any more (84061). */
    getCustomer: (externalUserId: string) => Promise<CustomerDetail | null>
    /** Members who have the customer-contact function. */
    followUserList: () => Promise<string[]>
    /** Every (member, customer) pair of these members, page by page; any number of userids. */
    batchGetByUser: (userids: readonly string[]) => AsyncIterable<CustomerPair[]>
    /** External user ids of one member; empty when they have none (84061). */
    listContacts: (userid: string) => Promise<string[]>
    /** All corp tags, or those of these tag or group ids; unknown ids are left out. */
    corpTags: (ids?: { tagIds?: readonly string[]; groupIds?: readonly string[] }) => Promise<CorpTagGroup[]>
  }

/**
 * What reaches people; only the outbox calls it. Rejects with WecomError; of kind `ambiguous` when the answer was lost, so that
 * nobody knows whether WeCom did it; of kind `unreachable` when it certainly did not.
 */
export type WecomWrite = AppMessagesWrite &
  RobotsWrite & {
    /** Once per code and within 20 s of the add; 41050, 41051, 41096 are `refused`. */
    sendWelcome: (code: string, body: MessageBody) => Promise<void>
    /** Makes a task the sender has to confirm in WeCom. At most 10,000 customers or 2,000 groups; `failList` will never get it. */
    addMassMessage: (message: {
      chatType: 'single' | 'group'
      sender: string
      externalUserIds?: string[]
      chatIds?: string[]
      body: MessageBody
    }) => Promise<{ msgid: string; failList: string[] }>
    /** Safe to repeat. Tag ids are WeCom's. Nothing to add or remove: no call. */
    markTag: (mark: { userid: string; externalUserId: string; add: string[]; remove: string[] }) => Promise<void>
  }

/** What administers WeCom: contact ways and tag definitions. */
export type WecomSetup = ContactWaysSetup &
  MassMessagesSetup &
  ContactsSetup &
  TransfersSetup &
  JoinWaysSetup &
  GroupWelcomesSetup &
  TagsSetup

export type Wecom = {
  readonly read: WecomRead
  /** The same, first in line: a person or a welcome message waits for it. */
  readonly urgent: WecomRead
  /** The same, last in line: syncs and long lists, which leave a part of every limit to the others. */
  readonly bulk: WecomRead
  readonly write: WecomWrite
  readonly setup: WecomSetup
  readonly media: WecomMedia
  readonly probe: WecomProbe
  readonly oauth: WecomOauth
  readonly tickets: WecomTickets
  /** How the calls stand with WeCom's limits, and how old its loans are. */
  readonly status: () => Promise<WecomStatus>
}

/** How a call of WeCom failed; errors.ts holds the table from errcode to kind. */
export const wecomErrorKinds = [
  'token',
  'busy',
  'blocked',
  'refused',
  'config',
  'gone',
  'ambiguous',
  'unreachable',
] as const
export type WecomErrorKind = (typeof wecomErrorKinds)[number]

const isKind = (value: unknown): value is WecomErrorKind => wecomErrorKinds.some((kind) => kind === value)

/** The parts of a WecomError that decide; null for any other error. */
export const wecomOf = (error: unknown): { kind: WecomErrorKind; errcode: number; hint: string } | null => {
  if (!(error instanceof Error) || !('kind' in error) || !isKind(error.kind)) return null
  const errcode = 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : 0
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : ''
  return { kind: error.kind, errcode, hint }
}
