import { z } from 'zod'

/**
 * The stand-in's own API (not WeCom's), all under /sandbox/api: what people and other parties do in WeCom clients and in its
 * admin console, the clock, the faults, and the ledger of what each party really received. JSON in and out; times are epoch ms of
 * the stand-in's clock. An error answers 4xx with { error: string }.
 */

export const Member = z.object({
  userid: z.string(),
  name: z.string(),
  position: z.string().optional(),
  department: z.array(z.int()),
  leader: z.boolean(),
  avatar: z.string(),
})
export const Customer = z.object({
  external_userid: z.string(),
  name: z.string(),
  gender: z.int().min(0).max(2),
  avatar: z.string(),
  unionid: z.string().optional(),
  type: z.int(),
})
/** One (rep, customer) pair; `customerDeleted`: the customer deleted the rep, who still has them in the list. */
export const Relation = z.object({
  userid: z.string(),
  external_userid: z.string(),
  createtime: z.int(),
  state: z.string().optional(),
  remark: z.string(),
  description: z.string(),
  tags: z.array(z.string()),
  add_way: z.int(),
  customerDeleted: z.boolean(),
})
export const GroupMember = z.object({ id: z.string(), type: z.int(), name: z.string(), join_time: z.int() })
export const Group = z.object({
  chat_id: z.string(),
  name: z.string(),
  owner: z.string(),
  kind: z.enum(['customer', 'internal']),
  notice: z.string(),
  members: z.array(GroupMember),
  robots: z.array(z.object({ key: z.string(), name: z.string() })),
})
export const ContactWay = z.object({
  config_id: z.string(),
  state: z.string(),
  remark: z.string(),
  user: z.array(z.string()),
  qr_code: z.string(),
})

/** A group's QR code (加入群聊): whoever scans it is in the first of its groups with room. */
export const JoinWay = z.object({
  config_id: z.string(),
  state: z.string(),
  remark: z.string(),
  chat_id_list: z.array(z.string()),
  qr_code: z.string(),
})
export const Department = z.object({ id: z.int(), name: z.string(), parentid: z.int() })

/** GET /sandbox/api/state */
export const State = z.object({
  corpId: z.string(),
  now: z.int(),
  members: z.array(Member),
  customers: z.array(Customer),
  relations: z.array(Relation),
  groups: z.array(Group),
  contactWays: z.array(ContactWay),
  joinWays: z.array(JoinWay),
  departments: z.array(Department),
  tags: z.array(z.object({ id: z.string(), name: z.string(), group: z.string() })),
  app: z.object({
    agentId: z.string(),
    callbackUrl: z.string(),
    sidebarUrl: z.string(),
    trustedDomain: z.string(),
    /** Where the AI bot's callbacks go, empty when nowhere. */
    botUrl: z.string().optional(),
  }),
  /** Where the webview proxy listens (empty: switched off). */
  webviewUrl: z.string().optional(),
})

/** GET /sandbox/api/clock?since=VERSION answers when the version differs or after 25 s; asking again with the new version acknowledges it. */
export const ClockState = z.object({ version: z.int(), now: z.int(), offsetMs: z.int() })
/** POST /sandbox/api/clock/advance; answers when every follower has acknowledged (or 3 s have passed). */
export const ClockAdvance = z.object({ ms: z.int() })
/** POST /sandbox/api/clock/set: `now` in epoch ms, or null for the real time. */
export const ClockSet = z.object({ now: z.int().nullable() })

/** What somebody received, in the order of arrival: the witness of every test. `to.kind` app: what a member wrote to the app or the AI bot. */
export const LedgerEntry = z.object({
  id: z.string(),
  at: z.int(),
  to: z.object({ kind: z.enum(['customer', 'group', 'member', 'app']), id: z.string() }),
  from: z.string(),
  via: z.enum([
    'welcome',
    'mass',
    'group_mass',
    'group_welcome',
    'moment',
    'transfer',
    'app',
    'notice',
    'kf',
    'robot',
    'chat',
    'reply',
    'bot',
  ]),
  msgtype: z.string(),
  text: z.string(),
  content: z.unknown(),
  /** What caused it: the msgid, welcome code, robot key, or an id of its own. */
  request: z.string(),
  /** The API request (GET requests) in answer to which it came; missing when a person's act brought it. */
  requestId: z.string().optional(),
  /** When the app took it back. */
  recalled: z.int().optional(),
})

/** A mass message in a rep's 群发助手. GET /sandbox/api/tasks?userid= ; POST /sandbox/api/tasks/:msgid/confirm {userid} sends it. */
export const MassTask = z.object({
  msgid: z.string(),
  userid: z.string(),
  chat_type: z.enum(['single', 'group']),
  text: z.string(),
  attachments: z.array(z.unknown()),
  external_userids: z.array(z.string()),
  chat_ids: z.array(z.string()),
  status: z.enum(['waiting', 'sent', 'cancelled']),
  create_time: z.int(),
  /** Whether the member may leave customers out. */
  allow_select: z.boolean(),
})

const most = (fallback: number) => z.int().min(0).nullable().default(fallback)

/**
 * The platform's limits. GET /sandbox/api/limits; PUT takes any part of it and forgets what was counted; `reset` brings the defaults
 * back. null: not limited. Windows run on the stand-in's clock.
 */
export const Limits = z.object({
  /** Calls of one API by the corp; calls of all APIs from one address. */
  perMinute: most(10_000),
  perHour: most(150_000),
  addressPerMinute: most(20_000),
  addressPerHour: most(600_000),
  /** Calls of one API under way at once (45033); the platform does not state a number. */
  parallel: z.int().min(1).nullable().default(null),
  corpTicketsPerHour: most(400),
  appTicketsPerHour: most(100),
  unionidPerHour: most(100_000),
  unionidPerDay: most(480_000),
  unionidPerMonth: most(7_500_000),
  uploadimgPerDay: most(1000),
  uploadimgPerMonth: most(3000),
  /** The app may send 200 person-times a day for each of these. */
  accounts: most(1000),
  /** What one member receives from apps; the excess is dropped without a word. */
  messagesPerMinute: z.int().min(0).default(30),
  messagesPerHour: z.int().min(0).default(1000),
  momentTasksPerMinute: most(10),
  momentTasksPending: z.int().min(0).default(100),
  /** Moments of one member a customer sees in a month. */
  momentsPerMonth: z.int().min(0).default(4),
  contactWays: z.int().min(0).default(500_000),
  corpTags: z.int().min(0).default(3000),
  groupWelcomes: z.int().min(0).default(100),
  interceptRules: z.int().min(0).default(100),
  acquisitionLinks: z.int().min(0).default(100_000),
  strategyRange: z.int().min(0).default(3000),
  /** People in a group: in all, and when it is joined by its QR code. */
  groupSize: z.int().min(1).default(500),
  groupSizeByCode: z.int().min(1).default(200),
  customersPerMember: z.int().min(0).default(5000),
  groupTransfersPerDay: z.int().min(0).default(300),
})

/** PUT /sandbox/api/app: what an admin types into WeCom's console; saving verifies the callback URL as WeCom does. */
export const AppSettings = z.object({ callbackUrl: z.url(), sidebarUrl: z.url(), trustedDomain: z.string() })

/** What people do; which endpoint takes it stands in `endpoints/`. */
export const Scan = z.object({
  config_id: z.string().optional(),
  state: z.string().optional(),
  external_userid: z.string(),
  userid: z.string().optional(),
})
export const Add = z.object({
  userid: z.string(),
  external_userid: z.string(),
  add_way: z.int().default(1),
  state: z.string().optional(),
})
export const Pair = z.object({ userid: z.string(), external_userid: z.string() })
/** In a group `chat_id` is given; a member speaks as `userid`, a customer as `external_userid`. */
export const Say = z.object({
  from: z.enum(['customer', 'member']),
  userid: z.string(),
  external_userid: z.string().optional(),
  chat_id: z.string().optional(),
  text: z.string().min(1).max(4000),
  /** For what a sidebar hands over besides text (sendChatMessage): kept in the line's `content`; `text` is what a list shows. */
  msgtype: z.string().optional(),
  content: z.unknown().optional(),
})

export const Remark = Pair.extend({
  remark: z.string().max(20).optional(),
  description: z.string().max(150).optional(),
})
export const MarkTags = Pair.extend({
  add: z.array(z.string()).default([]),
  remove: z.array(z.string()).default([]),
})
/** To customers or to groups, not both. */
export const OwnMass = z
  .object({
    userid: z.string(),
    external_userids: z.array(z.string()).default([]),
    chat_ids: z.array(z.string()).default([]),
    text: z.string().max(4000).default(''),
    attachments: z.array(z.unknown()).max(9).default([]),
  })
  .refine((own) => (own.external_userids.length === 0) !== (own.chat_ids.length === 0), 'customers or groups')
  .refine((own) => own.text !== '' || own.attachments.length > 0, 'text or attachments')

/** POST /sandbox/api/jsapi/verify → { ok, err_msg }: what the client checks before it lets a page use its functions. */
export const JsapiVerify = z.object({
  kind: z.enum(['agentConfig', 'config']).default('agentConfig'),
  corpid: z.string(),
  agentid: z.string().default(''),
  timestamp: z.coerce.string(),
  nonceStr: z.string(),
  signature: z.string(),
  url: z.string(),
})

/** GET /sandbox/api/events: server-sent events without a name; each `data` line is one of these as JSON. */
export const LiveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ledger'), entry: LedgerEntry }),
  z.object({ type: z.literal('clock'), clock: ClockState }),
  /** Something of GET state or GET tasks changed: read it again. `what` names the kinds (members, relations, groups, tasks …). */
  z.object({ type: z.literal('state'), what: z.array(z.string()) }),
  z.object({ type: z.literal('callback'), id: z.string(), event: z.string(), state: z.string() }),
])
