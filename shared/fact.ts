import { z } from 'zod'
import { Because } from './because/index.ts'
import { ConsentProof, ConsentSource, Purpose } from './consent.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

const text = z.string().max(500)
/** Phones in it are kept sealed, which makes it longer. */
const sealed = z.string().max(2000)
const userid = z.string().min(1).max(64)
const minor = z.int()

export const OrderProduct = z.object({
  id: text.optional(),
  name: text.optional(),
  category: text.optional(),
  brand: text.optional(),
  quantity: z.number().optional(),
  /** Unit price in minor units. */
  price: minor.optional(),
})
export type OrderProduct = z.infer<typeof OrderProduct>

const products = z.array(OrderProduct).max(100)
const reasons = z.array(Because)
const levelRef = z.object({ key: text, name: text })

/**
 * A fact: one thing that happened to one customer, kept for ever in their timeline. `type` decides the payload.
 * Facts are append-only; the profile is a fold over them that does not depend on their order.
 */
export const factPayloads = {
  'contact.added': z.object({
    userid,
    state: text.optional(),
    channelId: text.optional(),
    channelName: text.optional(),
    addWay: z.int().optional(),
    /** The customer has added the rep, who has not added them back yet. */
    half: z.boolean().optional(),
    /** Taken over from another rep (`from`, where known): nothing the customer did. */
    transfer: z.boolean().optional(),
    from: userid.optional(),
  }),
  /** `transfer`: handed over to another rep (`to`, where known), so not lost. */
  'contact.deleted_by_rep': z.object({ userid, transfer: z.boolean().optional(), to: userid.optional() }),
  'contact.deleted_by_customer': z.object({ userid }),
  /** A hand-over did not come about; `userid` was to take over, the customer stays where they are. */
  'contact.transfer_failed': z.object({ userid, from: userid.optional(), reason: text }),
  'customer.replied': z.object({
    userid: userid.optional(),
    via: z.enum(['wecom', 'rep', 'ingest']),
    by: text.optional(),
  }),
  'order.completed': z.object({
    orderId: text,
    amount: minor,
    currency: z.string().length(3),
    products,
  }),
  /**
   * What an order has become since it was completed; it is no purchase of its own. `ofOrder`: nobody said in which currency, so it is that
   * of the order, whichever that is; `currency` is then the company's, and amounts are in minor units of that.
   */
  'order.updated': z.object({
    orderId: text,
    amount: minor,
    currency: z.string().length(3),
    ofOrder: z.boolean().optional(),
    products,
  }),
  /** `products`: those it names, without prices. */
  'order.cancelled': z.object({
    orderId: text,
    reason: text.optional(),
    products: products.optional(),
  }),
  /** `full`: all that is left of the order; `amount` is then 0. `ofOrder`: as of an update. `products`: what it is about, where it says so. */
  'order.refunded': z.object({
    orderId: text,
    refundId: text.optional(),
    amount: minor,
    currency: z.string().length(3),
    ofOrder: z.boolean().optional(),
    full: z.boolean().optional(),
    products: products.optional(),
  }),
  /** The customer opened a tracked link of ours; `url` is where it leads. */
  'link.opened': z.object({
    linkId: text,
    url: z.string().max(2048),
    title: text.optional(),
    intentId: text.optional(),
    contentId: text.optional(),
  }),
  'behavior.tracked': z.object({ name: text, properties: z.record(z.string(), z.unknown()) }),
  'profile.identified': z.object({
    traits: z.record(z.string(), z.unknown()),
    source: z.enum(['ingest', 'import', 'rep', 'customer', 'wecom', 'rule']),
    by: text.optional(),
  }),
  /** The customer agreed to a purpose, or withdrew. */
  'consent.changed': z.object({
    purpose: Purpose,
    state: z.enum(['granted', 'withdrawn']),
    source: ConsentSource,
    by: text.optional(),
    proof: ConsentProof.optional(),
  }),
  /**
   * `ruleId`: a tag rule keeps it on; the profile found that out by itself. `returned`: what kept it off does so no longer, which the
   * profile found out, too.
   */
  'tag.added': z.object({
    tagId: text,
    tag: text,
    ruleId: text.optional(),
    returned: z.literal(true).optional(),
    because: reasons,
  }),
  /** `ended`: it went off by itself, which the profile found out. */
  'tag.removed': z.object({
    tagId: text,
    tag: text,
    ruleId: text.optional(),
    ended: z.enum(['expired', 'exclusive']).optional(),
    because: reasons,
  }),
  'stage.entered': z.object({ from: Stage.nullable(), to: Stage, because: reasons }),
  /** `level`: the move in the scheme that is the primary one, by key and name of the levels; absent in what was told before there were several. */
  'tier.changed': z.object({
    from: Tier.nullable(),
    to: Tier,
    because: reasons,
    level: z.object({ schemeId: text, scheme: text, from: levelRef.nullable(), to: levelRef }).optional(),
  }),
  /** Another level in a scheme that is not the primary one, or one that is served alike; `keys` are those of the levels. */
  'level.changed': z.object({
    schemeId: text,
    scheme: text,
    from: text,
    to: text,
    because: reasons,
    keys: z.object({ from: text, to: text }).optional(),
  }),
  'segment.entered': z.object({ segmentId: text, segment: text }),
  'segment.left': z.object({ segmentId: text, segment: text }),
  /** Put into, or taken off, a static list by a person; the profile tells of entering and leaving by itself. */
  'list.joined': z.object({ listId: text, list: text, by: text }),
  'list.left': z.object({ listId: text, list: text, by: text }),
  'group.joined': z.object({
    chatId: text,
    name: text.optional(),
    joinScene: z.int().optional(),
    inviter: text.optional(),
  }),
  'group.left': z.object({ chatId: text, name: text.optional(), quitScene: z.int().optional() }),
  /** The customer brought somebody (`guest`, a userid or external_userid; absent once they were erased) into a group. */
  'group.invited': z.object({
    chatId: text,
    name: text.optional(),
    guest: text.optional(),
    guestName: text.optional(),
  }),
  'rule.entered': z.object({ ruleId: text, rule: text, runId: text, heldOut: z.boolean(), because: reasons }),
  'rule.left': z.object({
    ruleId: text,
    rule: text,
    runId: text,
    outcome: z.enum(['goal', 'exited', 'finished']),
    because: reasons,
  }),
  'send.changed': z.object({
    intentId: text,
    channel: text,
    state: text,
    preview: sealed,
    ruleId: text.optional(),
    rule: text.optional(),
    /** The run and step it was sent for. */
    runId: text.optional(),
    stepId: text.optional(),
    because: reasons,
  }),
  'task.created': z.object({ taskId: text, title: sealed, userid, dueAt: z.iso.datetime().optional() }),
  'task.done': z.object({ taskId: text, title: sealed, userid }),
  'note.written': z.object({ text: z.string().max(2000), by: text }),
} as const

export type FactType = keyof typeof factPayloads
export type FactPayload<T extends FactType> = z.infer<(typeof factPayloads)[T]>

const keysOf = <T extends object>(object: T): (keyof T & string)[] =>
  Object.keys(object).filter((key): key is keyof T & string => key in object)

export const factTypes: readonly FactType[] = keysOf(factPayloads)

/** Facts that count as an interaction with the company (互动): they keep a customer from falling silent. */
export const interactionTypes: ReadonlySet<FactType> = new Set<FactType>([
  'contact.added',
  'customer.replied',
  'order.completed',
  'behavior.tracked',
  'link.opened',
  'group.joined',
])

/** A fact as it stands in a timeline; `at` is when it happened, `seenAt` when we learned of it. */
export type Fact<T extends FactType = FactType> = {
  [K in T]: {
    id: string
    customerId: string
    /** The part of the customer it came through, where that was a customer of its own before. */
    of?: string
    type: K
    at: Date
    seenAt: Date
    source: FactSource
    payload: FactPayload<K>
  }
}[T]

/** A fact to append. `id` is its whole identity: appending it twice stores it once. */
export type NewFact<T extends FactType = FactType> = {
  [K in T]: {
    id: string
    customerId: string
    type: K
    at: Date
    source: FactSource
    payload: FactPayload<K>
  }
}[T]

/** A tag that came or went by what the profile found out of rules and settings: nobody's word, and nothing it has to learn. */
export const isTagFoundOut = (fact: Fact | NewFact): boolean => {
  if (fact.type === 'tag.added') return fact.payload.ruleId !== undefined || fact.payload.returned !== undefined
  return fact.type === 'tag.removed' && (fact.payload.ruleId !== undefined || fact.payload.ended !== undefined)
}

export const factSources = ['wecom', 'ingest', 'rep', 'rule', 'system'] as const
export const FactSource = z.enum(factSources)
export type FactSource = z.infer<typeof FactSource>
