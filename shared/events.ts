import { z } from 'zod'

/**
 * Every callback event WeCom sends that this product knows by name: `Event.ChangeType`, or `Event` alone where there is no change type.
 * A name that is not here is stored as ignored and counted, never refused.
 */
export const eventNames = [
  'change_external_contact.add_external_contact',
  'change_external_contact.edit_external_contact',
  'change_external_contact.add_half_external_contact',
  'change_external_contact.del_external_contact',
  'change_external_contact.del_follow_user',
  'change_external_contact.transfer_fail',
  'change_external_contact.msg_audit_approved',
  'change_external_chat.create',
  'change_external_chat.update',
  'change_external_chat.dismiss',
  'change_external_tag.create',
  'change_external_tag.update',
  'change_external_tag.delete',
  'change_external_tag.shuffle',
  'customer_acquisition.balance_low',
  'customer_acquisition.balance_exhausted',
  'customer_acquisition.balance_increased',
  'customer_acquisition.quota_expire_soon',
  'customer_acquisition.link_unavailable',
  'customer_acquisition.delete_link',
  'customer_acquisition.open_profile',
  'customer_acquisition.friend_request',
  'customer_acquisition.customer_start_chat',
  'customer_acquisition.message_from_customer',
  'customer_acquisition.del_follow_user',
  'change_contact.create_user',
  'change_contact.update_user',
  'change_contact.delete_user',
  'change_contact.create_party',
  'change_contact.update_party',
  'change_contact.delete_party',
  'change_contact.update_tag',
  'msgaudit_notify',
  'kf_msg_or_event',
  'kf_account_auth_change',
  'template_card_event',
  'template_card_menu_event',
  'enter_agent',
  'subscribe',
  'unsubscribe',
  'click',
  'view',
  'view_miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'LOCATION',
  'batch_job_result',
  'upload_media_job_finish',
  'close_inactive_agent',
  'reopen_inactive_agent',
  'taskcard_click',
] as const
export type EventName = (typeof eventNames)[number]

const known: ReadonlySet<string> = new Set(eventNames)
export const isEventName = (name: string): name is EventName => known.has(name)

const id = z.string().min(1)
const text = z.string()
const int = z.coerce.number().int()
const decimal = z.coerce.number()
const commas = (list: string): string[] => list.split(',').filter((part) => part !== '')
/** Ids in one text joined by commas (older) or as child elements (newer). */
const ids = z.union([z.string().transform(commas), z.array(z.string())])
/** The same with numbers: departments, 0/1 flags. */
const ints = z
  .union([z.string().transform(commas), z.array(z.string())])
  .pipe(z.array(z.string().transform(Number).pipe(z.int())))
/** An element that may stand once or several times. */
const repeated = z.union([z.string().transform((one) => [one]), z.array(z.string())])

/** One member and one customer. */
const pair = { userid: id, externalUserId: id }
const fromMember = { from: id, agentId: text.optional() }
const user = {
  userid: id,
  name: text.optional(),
  department: ints.optional(),
  mainDepartment: int.optional(),
  /** 1 where the member leads the department at the same place of `department`. */
  isLeaderInDept: ints.optional(),
  directLeader: ids.optional(),
  position: text.optional(),
  mobile: text.optional(),
  gender: int.optional(),
  email: text.optional(),
  bizMail: text.optional(),
  /** 1 active, 2 disabled, 4 not activated, 5 left. */
  status: int.optional(),
  avatar: text.optional(),
  alias: text.optional(),
  telephone: text.optional(),
  address: text.optional(),
}
const chat = z.object({ chatId: id })
const tag = z.object({ id, tagType: z.enum(['tag', 'tag_group']), strategyId: text.optional() })
const link = { linkId: id, state: text.optional() }
const card = z.object({
  ...fromMember,
  eventKey: text.optional(),
  taskId: id,
  cardType: text.optional(),
  responseCode: text.optional(),
  selectedItems: z.array(z.object({ questionKey: id, optionIds: z.array(id).default([]) })).default([]),
})
const menu = z.object({ ...fromMember, eventKey: text.optional() })
const scan = menu.extend({ scanCodeInfo: z.object({ scanType: text, scanResult: text }).optional() })
const pictures = menu.extend({ sendPicsInfo: z.unknown().optional() })
const agent = z.object({ agentId: text })
const empty = z.object({})

/**
 * What each event carries, in our names (WeCom's with a small first letter; `UserID` is `userid`, `ExternalUserID` `externalUserId`,
 * `FromUserName` `from`). Ids stay strings. Optional is what WeCom's manual says may be missing.
 */
export const eventPayloads = {
  'change_external_contact.add_external_contact': z.object({
    ...pair,
    state: text.optional(),
    welcomeCode: text.optional(),
  }),
  'change_external_contact.edit_external_contact': z.object({ ...pair, state: text.optional() }),
  'change_external_contact.add_half_external_contact': z.object({
    ...pair,
    state: text.optional(),
    welcomeCode: text.optional(),
  }),
  /** The member deleted the customer; `DELETE_BY_TRANSFER`: they were handed over. */
  'change_external_contact.del_external_contact': z.object({ ...pair, source: text.optional() }),
  /** The customer deleted the member. */
  'change_external_contact.del_follow_user': z.object(pair),
  'change_external_contact.transfer_fail': z.object({ ...pair, failReason: text }),
  'change_external_contact.msg_audit_approved': z.object({ ...pair, welcomeCode: text.optional() }),
  'change_external_chat.create': chat,
  'change_external_chat.update': chat.extend({
    /** add_member, del_member, change_owner, change_name, change_notice. */
    updateDetail: text,
    /** 0 invited by a member, 3 by QR code; not the join_scene of groupchat/get. */
    joinScene: int.optional(),
    /** 0 left, 1 removed. */
    quitScene: int.optional(),
    memChangeCnt: int.optional(),
    memChangeList: ids.optional(),
    lastMemVer: text.optional(),
    curMemVer: text.optional(),
  }),
  'change_external_chat.dismiss': chat,
  'change_external_tag.create': tag,
  'change_external_tag.update': tag,
  'change_external_tag.delete': tag,
  'change_external_tag.shuffle': z.object({
    id: id.optional(),
    tagType: text.optional(),
    strategyId: text.optional(),
  }),
  'customer_acquisition.balance_low': empty,
  'customer_acquisition.balance_exhausted': empty,
  'customer_acquisition.balance_increased': empty,
  'customer_acquisition.quota_expire_soon': z.object({
    expireTime: int.optional(),
    expireQuotaNum: int.optional(),
  }),
  'customer_acquisition.link_unavailable': z.object({ linkId: id }),
  'customer_acquisition.delete_link': z.object({ linkId: id }),
  'customer_acquisition.open_profile': z.object(link),
  'customer_acquisition.friend_request': z.object(link),
  'customer_acquisition.customer_start_chat': z.object({ ...link, ...pair }),
  'customer_acquisition.message_from_customer': z.object({
    linkId: id.optional(),
    state: text.optional(),
    chatKey: text.optional(),
    userid: id.optional(),
    externalUserId: id.optional(),
    chatSeq: text.optional(),
  }),
  'customer_acquisition.del_follow_user': z.object({ ...pair, linkId: id.optional() }),
  'change_contact.create_user': z.object(user),
  /** Only what changed; `newUserid` when the member was renamed. */
  'change_contact.update_user': z.object({ ...user, newUserid: id.optional() }),
  'change_contact.delete_user': z.object({ userid: id }),
  'change_contact.create_party': z.object({
    id,
    name: text.optional(),
    parentId: text.optional(),
    order: text.optional(),
  }),
  'change_contact.update_party': z.object({ id, name: text.optional(), parentId: text.optional() }),
  'change_contact.delete_party': z.object({ id }),
  'change_contact.update_tag': z.object({
    tagId: id,
    addUserItems: ids.optional(),
    delUserItems: ids.optional(),
    addPartyItems: ids.optional(),
    delPartyItems: ids.optional(),
  }),
  msgaudit_notify: z.object({ agentId: text.optional() }),
  kf_msg_or_event: z.object({ openKfId: id, token: text.optional() }),
  kf_account_auth_change: z.object({
    authAddOpenKfId: repeated.default([]),
    authDelOpenKfId: repeated.default([]),
  }),
  template_card_event: card,
  template_card_menu_event: card,
  enter_agent: menu,
  subscribe: menu,
  unsubscribe: menu,
  click: menu,
  view: menu,
  view_miniprogram: menu,
  scancode_push: scan,
  scancode_waitmsg: scan,
  pic_sysphoto: pictures,
  pic_photo_or_album: pictures,
  pic_weixin: pictures,
  location_select: menu.extend({ sendLocationInfo: z.unknown().optional() }),
  LOCATION: z.object({
    ...fromMember,
    latitude: decimal,
    longitude: decimal,
    precision: decimal.optional(),
    appType: text.optional(),
  }),
  batch_job_result: z.object({
    batchJob: z.object({ jobId: id, jobType: text, errCode: int.optional(), errMsg: text.optional() }),
  }),
  upload_media_job_finish: z.object({ jobId: id }),
  close_inactive_agent: agent,
  reopen_inactive_agent: agent,
  taskcard_click: z.object({ ...fromMember, eventKey: text.optional(), taskId: text.optional() }),
} as const satisfies Record<EventName, z.ZodType>

export type EventPayload<N extends EventName> = z.output<(typeof eventPayloads)[N]>

/** The same table, typed by name so that a payload stays tied to its event. */
export const eventTable: { readonly [N in EventName]: z.ZodType<EventPayload<N>> } = eventPayloads

/** A stored callback as a handler gets it. `createTime` is WeCom's, in whole seconds. */
export type EventRecord<N extends EventName = EventName> = {
  [K in N]: {
    readonly id: string
    readonly key: string
    readonly event: K
    readonly fields: EventPayload<K>
    readonly createTime: Date
    readonly receivedAt: Date
  }
}[N]

/** `name` is unique per event and kept on the record, so that each handler is done, retried and replayed by itself. */
export type EventHandler<N extends EventName> = {
  readonly name: string
  /** `now` for what lives only seconds (welcome codes), `soon` for the rest. */
  readonly lane: 'now' | 'soon'
  run(record: EventRecord<N>): Promise<void>
}
export type EventHandlers = { readonly [N in EventName]?: readonly EventHandler<N>[] }

/** Registers a handler for one event or several; its record is narrowed to them. */
export type On = <N extends EventName>(names: N | readonly N[], handler: EventHandler<N>) => void

const isList = <N>(names: N | readonly N[]): names is readonly N[] => Array.isArray(names)

/**
 * The handler table of the inbox: `handlersOf((on) => { on('change_external_chat.dismiss', { name: 'groups', lane: 'soon', run }) })`.
 * Throws when two handlers of one event have the same name.
 */
export const handlersOf = (register: (on: On) => void): EventHandlers => {
  let table: EventHandlers = {}
  register(<N extends EventName>(names: N | readonly N[], handler: EventHandler<N>): void => {
    const list: readonly N[] = isList(names) ? names : [names]
    for (const name of list) {
      const before: readonly EventHandler<N>[] = table[name] ?? []
      if (before.some((other) => other.name === handler.name)) {
        throw new TypeError(`${name} has two handlers named ${handler.name}`)
      }
      table = { ...table, [name]: [...before, handler] }
    }
  })
  return table
}

/** Joins the tables of several rooms into one. */
export const mergeHandlers = (...tables: readonly EventHandlers[]): EventHandlers =>
  handlersOf((on) => {
    const add = <N extends EventName>(name: N, table: EventHandlers): void => {
      for (const handler of table[name] ?? []) on(name, handler)
    }
    for (const table of tables) for (const name of eventNames) add(name, table)
  })
