import { Schema, type Connection, type Model } from 'mongoose'
import type { Because } from '@zhiyin/shared/because'
import type { Consents, ConsentState } from '@zhiyin/shared/consent'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import type { LateFrom } from '../conditions/rhythm.ts'
import type { StoredAttr } from '../conditions/seen.ts'
import type { LevelPlace, Membership, RuleTag } from './place/place.ts'
import type { CustomerState } from './state/state.ts'

export type ContactFollow = {
  userid: string
  remark?: string
  description?: string
  company?: string
  createdAt: Date
  addWay?: number
  state?: string
  tagIds: string[]
  mobiles: string[]
}

/** The customer as WeCom last told of them; the later fetch wins. */
export type Contact = {
  externalUserId: string
  name: string
  avatar?: string
  type: number
  gender: number
  unionid?: string
  follows: ContactFollow[]
  /** When WeCom was asked. */
  fetchedAt: Date
  /** When its latest word of them was here: an answer, or that it took a change of ours. Who asked before may know less. */
  heardAt?: Date
}

export type FollowRow = {
  userid: string
  state: 'following' | 'deleted_by_rep' | 'deleted_by_customer'
  since: Date
  channelId: string | null
}

/** A customer: what the facts add up to (`state`), what WeCom says (`contact`), and what is worked out from both for look-ups. */
export type CustomerDoc = {
  _id: string
  createdAt: Date
  updatedAt: Date
  /** Grows with every write; whoever writes what they read before names the one they read. */
  rev: number
  state: CustomerState
  contact: Contact | null

  stage: { stage: Stage; since: Date; because: Because[] }
  /** Of the primary scheme. */
  tier: { tier: Tier; since: Date }
  /** One in every scheme, the primary one first. */
  levels: LevelPlace[]
  /** Tags that tag rules keep on; `tagIds` holds them too. */
  ruleTags: RuleTag[]
  segments: Membership[]
  groupIds: string[]
  /** The events the customer ever did, as `state.events` names them. */
  did: string[]
  /** What conditions may ask of the five layers; when they were seen only where that is not `lastSeenAt` (server/conditions/seen.ts). */
  attrs: StoredAttr[]
  /** The attributes whose sources disagree, and those of which somebody says what is none of their values. */
  conflicts: string[]
  rejects: string[]
  /** The version of the definitions all this was worked out with; it tells which segments there were (version.ts). */
  definitions: string
  /** How many stages, tiers and other places the customer has been in; part of the identity of the facts that tell of them. */
  stageVersion: number
  tierVersion: number
  moveVersion: number
  /** Up to this moment time has passed for stage and tier. */
  workedOutAt: Date
  /** The next moment at which time alone changes stage, class or a score. */
  nextDueAt: Date | null
  /** When the sweep looks: `nextDueAt`, or a little after the last nudge. */
  lookAt: Date | null

  name: string
  externalUserId: string | null
  search: string[]
  phones: string[]
  /** Reps who may see the customer: all but those who deleted them. */
  heldBy: string[]
  follows: FollowRow[]
  tagIds: string[]
  orders: number
  spend: number
  lastSeenAt: Date | null
  lastOrderAt: Date | null
  lastProduct: string | null
  /** Orders of one day are one. */
  purchases: number
  medianGapDays: number | null
  /** From when on they are late by some of their own gaps; empty: no rhythm yet (server/conditions/rhythm.ts). */
  lateFrom: LateFrom[]
  /** Orders lists by newest activity (server/conditions/seen.ts). */
  activeAt: Date
  /** To marketing; what the outbox asks for. */
  consent: ConsentState
  consents: Consents
}

const mixed = { type: Schema.Types.Mixed }
const date = { type: Date, default: null }

const schema = new Schema<CustomerDoc>(
  {
    _id: { type: String, required: true },
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
    rev: { type: Number, required: true },
    state: mixed,
    contact: mixed,
    stage: mixed,
    tier: mixed,
    stageVersion: { type: Number, required: true },
    tierVersion: { type: Number, required: true },
    moveVersion: { type: Number, required: true },
    levels: mixed,
    ruleTags: mixed,
    segments: mixed,
    groupIds: [String],
    attrs: mixed,
    conflicts: [String],
    rejects: [String],
    did: [String],
    definitions: { type: String, required: true },
    workedOutAt: { type: Date, required: true },
    nextDueAt: date,
    lookAt: date,
    name: { type: String },
    externalUserId: { type: String, default: null },
    search: [String],
    phones: [String],
    heldBy: [String],
    follows: mixed,
    tagIds: [String],
    orders: { type: Number, required: true },
    spend: { type: Number, required: true },
    lastSeenAt: date,
    lastOrderAt: date,
    lastProduct: { type: String, default: null },
    purchases: { type: Number, required: true },
    medianGapDays: { type: Number, default: null },
    lateFrom: mixed,
    activeAt: { type: Date, required: true },
    consent: { type: String, required: true },
    consents: mixed,
  },
  { collection: 'customers', versionKey: false, minimize: false },
)
/** The sweep: whose stage or tier is due to change by time. */
schema.index({ lookAt: 1 })
/** The list of all customers, newest activity first, and conditions on when somebody was seen. */
schema.index({ activeAt: -1, _id: -1 })
/** A rep's own customers, newest activity first. */
schema.index({ heldBy: 1, activeAt: -1, _id: -1 })
/** The list and counts by stage. */
schema.index({ 'stage.stage': 1, activeAt: -1, _id: -1 })
/** The list by class. */
schema.index({ 'tier.tier': 1, activeAt: -1, _id: -1 })
/** The list by tag, and rules that ask for a tag; whoever has none is not in it, and costs it nothing. */
schema.index({ tagIds: 1, activeAt: -1, _id: -1 }, { partialFilterExpression: { tagIds: { $gt: '' } } })
/** Who is on a level of a scheme. */
schema.index({ 'levels.scheme': 1, 'levels.level': 1, _id: 1 })
/** The members of a segment, in the order of ids. */
schema.index({ 'segments.id': 1, _id: 1 })
/** Who is in a customer group. */
schema.index({ groupIds: 1, _id: 1 })
/** Whose sources disagree on an attribute, or say what is none of its values, in the order of ids. */
schema.index({ conflicts: 1, _id: 1 })
schema.index({ rejects: 1, _id: 1 })
/** Who agreed to be profiled, or refused; whoever said nothing is not in it. */
export const byConsent = { 'consents.profiling': 1, _id: 1 } as const
schema.index(byConsent, { partialFilterExpression: { 'consents.profiling': { $in: ['granted', 'withdrawn'] } } })
/** Conditions on attributes. */
schema.index({ 'attrs.k': 1, 'attrs.v': 1 })
/** Conditions on events: who ever did something. */
schema.index({ did: 1 })
/** Conditions on orders. */
schema.index({ orders: 1 })
/** Conditions on somebody's own rhythm of buying: who is late by now. */
schema.index({ 'lateFrom.gaps': 1, 'lateFrom.at': 1 })
/** Schedules and dry runs walk a stage in the order of ids. */
schema.index({ 'stage.stage': 1, _id: 1 })
/** Search by the beginning of a name or remark. */
schema.index({ search: 1 })
/** Search by phone. */
schema.index({ phones: 1 })
/** The sidebar's and the callbacks' look-up. */
schema.index({ externalUserId: 1 })

export const customerModel = (connection: Connection): Model<CustomerDoc> =>
  connection.model<CustomerDoc>('Customer', schema)

/** The same collection without Mongoose's casting, for the writes every event costs. */
export const customerCollection = (connection: Connection) => {
  customerModel(connection)
  return connection.collection<CustomerDoc>('customers')
}
