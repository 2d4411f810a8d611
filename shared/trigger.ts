import { z } from 'zod'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

export const Clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM')
const id = z.string().min(1).max(64)
const weekdays = z.array(z.int().min(1).max(7)).max(7)

/** Hours of the company's zone in which something holds; past midnight when `from` is later than `to`, all day when they are the same. Weekdays 1 = Monday; none named: every day. */
export const AddedHours = z.object({ from: Clock, to: Clock, weekdays: weekdays.default([]) })
export type AddedHours = z.infer<typeof AddedHours>

/** Who was added: somebody never held and who never bought, or somebody who comes back or is held by another rep already. */
export const addedWho = ['newcomer', 'returning'] as const
export const AddedWho = z.enum(addedWho)
export type AddedWho = z.infer<typeof AddedWho>

/** Something with the name it had when it was chosen. */
const named = z.object({ id, name: z.string().max(100) })

/** Events a rule may begin with, and wait for. */
export const triggerEvents = [
  'order.completed',
  'order.refunded',
  'order.cancelled',
  'link.opened',
  'customer.replied',
  'contact.deleted_by_customer',
  'group.joined',
  'group.left',
  'behavior.tracked',
] as const
export const TriggerEvent = z.enum(triggerEvents)
export type TriggerEvent = z.infer<typeof TriggerEvent>

/**
 * What a field of an event is asked for. Of an order: `amount` (minor units), `currency`, `category`, `brand` and `product` (of any line);
 * of a link `url` and `contentId`; of a group `chatId`; of a behaviour any of its properties. Texts ignore letter case.
 */
export const FieldTest = z.object({
  field: z.string().min(1).max(100),
  test: z.discriminatedUnion('op', [
    z.object({
      op: z.literal('is'),
      values: z
        .array(z.union([z.string().max(200), z.number(), z.boolean()]))
        .min(1)
        .max(100),
    }),
    z.object({ op: z.literal('contains'), text: z.string().min(1).max(200) }),
    z.object({ op: z.literal('at_least'), value: z.number() }),
    z.object({ op: z.literal('at_most'), value: z.number() }),
  ]),
})
export type FieldTest = z.infer<typeof FieldTest>

/** An event, a behaviour by its name where only that one counts, and what its fields must be (all of them). */
export const EventMatch = z.object({
  event: TriggerEvent,
  name: z.string().max(200).optional(),
  where: z.array(FieldTest).max(10).default([]),
})
export type EventMatch = z.infer<typeof EventMatch>

/** What takes a customer into a rule. */
export const Trigger = z.discriminatedUnion('type', [
  /** A customer was added. What is left out or empty holds for every add. */
  z.object({
    type: z.literal('customer.added'),
    channelIds: z.array(id).max(100).default([]),
    /** The reps who were added. */
    userids: z.array(id).max(200).optional(),
    who: AddedWho.optional(),
    hours: AddedHours.optional(),
  }),
  z.object({ type: z.literal('stage.entered'), stages: z.array(Stage).min(1) }),
  z.object({ type: z.literal('stage.left'), stages: z.array(Stage).min(1) }),
  /** Comes into one of these tiers, or goes out of one, in the primary scheme. */
  z.object({ type: z.literal('tier.changed'), to: z.array(Tier).min(1) }),
  z.object({ type: z.literal('tier.left'), from: z.array(Tier).min(1) }),
  z.object({ type: z.literal('tag.added'), tags: z.array(named).min(1).max(20) }),
  z.object({ type: z.literal('tag.removed'), tags: z.array(named).min(1).max(20) }),
  /** Somebody comes into one of these segments, or goes out of it. */
  z.object({ type: z.literal('segment.entered'), segments: z.array(named).min(1).max(20) }),
  z.object({ type: z.literal('segment.left'), segments: z.array(named).min(1).max(20) }),
  EventMatch.extend({ type: z.literal('event') }),
  /**
   * So many days after (below 0: before) a date of the customer, at a time of the company's zone; `yearly`: on each of its anniversaries.
   * `key` is a date attribute, `name` what it was called.
   */
  z.object({
    type: z.literal('date'),
    key: id,
    name: z.string().max(100).optional(),
    days: z.int().min(-365).max(3650),
    yearly: z.boolean().default(false),
    at: Clock,
  }),
  /**
   * At a time of `zone` (an IANA name; absent: the company's), every day or on the weekdays (1 = Monday) or days of the month named, for all
   * who meet the condition then. A day the month does not have is its last.
   */
  z.object({
    type: z.literal('schedule'),
    at: Clock,
    weekdays: weekdays.default([]),
    monthdays: z.array(z.int().min(1).max(31)).max(31).default([]),
    zone: z.string().max(64).optional(),
  }),
  /** A person puts customers in: from their page, from a list, from the sidebar. */
  z.object({ type: z.literal('manual') }),
  /** Another system puts customers in, over HTTP. */
  z.object({ type: z.literal('api') }),
])
export type Trigger = z.infer<typeof Trigger>

/** What happened more days ago when we learn of it (an import, a first sync) begins no rule: an answer would come too late. */
export const staleDays = 3
/** Begun by what happened itself. What we find out (stages, tiers, tags, segments) counts when it is found out. */
export const needsFresh = ({ type }: Trigger): boolean => type === 'customer.added' || type === 'event'
export type TriggerType = Trigger['type']
export type TriggerOf<T extends TriggerType> = Extract<Trigger, { type: T }>
