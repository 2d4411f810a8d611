import type { MessageBody, WecomMedia } from './types/media.ts'
import type { ContactsSetup } from './types/contacts.ts'
import type { TransfersRead, TransfersSetup } from './types/transfers.ts'
import type { ContactWaysRead, ContactWaysSetup } from './types/contact-ways.ts'
import type { MembersRead } from './types/members.ts'

export type { WecomDepartment, WecomMember } from './types/members.ts'
export type { MediaKind, MessageAttachment, MessageBody, WecomMedia, WireFile } from './types/media.ts'

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

type GroupChatMember = {
  id: string
  /** 1 a member of the corp, 2 an external user. */
  type: number
  name?: string
  joinedAt: Date
  /** 1 invited directly, 2 by an invitation link, 3 by the group QR code. */
  joinScene: number
  inviter?: string
  state?: string
}
export type GroupChat = {
  chatId: string
  /** Empty when the group has no name. */
  name: string
  owner: string
  createdAt: Date
  notice?: string
  members: GroupChatMember[]
  admins: string[]
  memberVersion?: string
}

type CorpTag = { id: string; name: string; order: number }
export type CorpTagGroup = { id: string; name: string; order: number; tags: CorpTag[] }

export type GroupMessage = {
  msgid: string
  createdAt: Date
  text: string
  attachments?: unknown[]
  creator?: string
}
export type GroupMessageTask = { userid: string; sent: boolean; sentAt?: Date }
export type GroupMessageResult = {
  externalUserId?: string
  chatId?: string
  status: 'not_sent' | 'sent' | 'not_friend' | 'quota_used'
  sentAt?: Date
}

export type { ContactWay, ContactWayChange, NewContactWay } from './types/contact-ways.ts'

/**
 * Everything we look up. All reads are safe to repeat and reject with WecomError
 * (`busy`, `blocked`, `unreachable`: later; `config`: a person must act; `gone`: no such thing).
 */
export type WecomRead = ContactWaysRead &
  TransfersRead & {
    /** All pages of one customer; null when nobody in the app's range holds them any more (84061). */
    getCustomer: (externalUserId: string) => Promise<CustomerDetail | null>
    /** Members who have the customer-contact function. */
    followUserList: () => Promise<string[]>
    /** Every (member, customer) pair of these members, page by page; any number of userids. */
    batchGetByUser: (userids: readonly string[]) => AsyncIterable<CustomerPair[]>
    /** External user ids of one member; empty when they have none (84061). */
    listContacts: (userid: string) => Promise<string[]>
    /** Ids of the customer groups owned by these members (of everybody when absent), page by page. */
    groupChats: (owners?: readonly string[]) => AsyncIterable<{ chatId: string; status: number }[]>
    /** Null when it is not a customer group (90501, 90509). */
    groupChat: (chatId: string) => Promise<GroupChat | null>
    /** All corp tags, or those of these tag or group ids; unknown ids are left out. */
    corpTags: (ids?: { tagIds?: readonly string[]; groupIds?: readonly string[] }) => Promise<CorpTagGroup[]>
    /** Mass messages made between two times, by the corp or by hand; spans over a month are cut into several calls. */
    listGroupMessages: (query: { chatType: 'single' | 'group'; from: Date; to: Date }) => Promise<GroupMessage[]>
    /** Who was asked to send a mass message, and whether they did. */
    groupMessageTasks: (msgid: string) => Promise<GroupMessageTask[]>
    groupMessageResults: (msgid: string, userid: string) => Promise<GroupMessageResult[]>
  }

/**
 * What reaches people; only the outbox calls it. Rejects with WecomError; of kind `ambiguous` when the answer was lost, so that
 * nobody knows whether WeCom did it; of kind `unreachable` when it certainly did not.
 */
export type WecomWrite = {
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
  /**
   * A message from the app to a member (text of at most 2048 bytes). WeCom drops an identical one within `duplicateCheckSeconds`,
   * so an ambiguous call may be repeated within that time. `invalid`: the member is not in the app's range.
   */
  sendAppMessage: (message: { userid: string; text: string }) => Promise<{ msgid: string; invalid: boolean }>
  /** `webhook`: the robot's whole address, a secret. 20 a minute per robot (45009 is `blocked`). */
  sendRobot: (webhook: string, message: { msgtype: 'text' | 'markdown'; content: string }) => Promise<void>
  /** Safe to repeat. Tag ids are WeCom's. Nothing to add or remove: no call. */
  markTag: (mark: { userid: string; externalUserId: string; add: string[]; remove: string[] }) => Promise<void>
}

/** What administers WeCom: contact ways and tag definitions. */
export type WecomSetup = ContactWaysSetup &
  ContactsSetup &
  TransfersSetup & {
    /** Makes a tag in a group of that name (made when missing). An existing one (40071) is read back and answered. */
    addCorpTag: (tag: {
      group: string
      name: string
    }) => Promise<{ groupId: string; group: string; id: string; name: string }>
  }

export type TicketKind = 'corp' | 'agent'
export type JsapiSignature = { timestamp: number; nonceStr: string; signature: string }
export type WecomTickets = {
  /** Signs a page (its #hash is cut off). Throws `request.invalid` when the page's host is not PUBLIC_URL's. */
  sign: (kind: TicketKind, url: string) => Promise<JsapiSignature>
}

export type WecomOauth = {
  /** Where the browser signs in: inside the client, or by scanning a QR code on a desktop. */
  authorizeUrl: (way: 'client' | 'qr', ask: { redirectUri: string; state: string }) => string
  /** The member behind a code (single use, 5 minutes); null when it is not a member. Throws `session.oauth_failed` for a bad code. */
  userOf: (code: string) => Promise<string | null>
}

export type Wecom = {
  readonly read: WecomRead
  readonly write: WecomWrite
  readonly setup: WecomSetup
  readonly media: WecomMedia
  readonly oauth: WecomOauth
  readonly tickets: WecomTickets
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
