import { z } from 'zod'
import type { FactType } from './fact.ts'
import { Stage } from './stage.ts'
import { Tier } from './tier.ts'

const id = z.string().min(1).max(64)
const label = z.string().max(100)
const days = z.int().min(1).max(3650)

/** Purchases from which on a customer has a rhythm of their own: two gaps are the fewest that have a middle. Orders of one day are one. */
export const rhythmPurchases = 3

/** How often at most an event can be asked for: so many of its newest times are kept with a customer. */
export const mostTimes = 50

/** So many of its oldest times are kept beside them: what somebody began with is not forgotten for what they do every day. */
export const oldestTimes = 5

/** So many names of behaviours are kept with a customer; which ones of more is nobody's choice. */
export const mostNames = 100

/** Facts a condition may count; a behaviour is counted by its name too. */
export const countable = [
  'contact.added',
  'contact.deleted_by_customer',
  'customer.replied',
  'order.completed',
  'order.refunded',
  'order.cancelled',
  'behavior.tracked',
  'link.opened',
  'group.joined',
  'group.left',
] as const satisfies readonly FactType[]
export const countableTypes: ReadonlySet<string> = new Set(countable)

/** An event: its kind, for a behaviour its name (`Page Viewed`) where only that one counts. */
export const EventRef = z.object({ event: z.enum(countable), name: z.string().min(1).max(200).optional() })
export type EventRef = z.infer<typeof EventRef>

/** What an event is kept under: `order.completed`, `behavior.tracked:Page Viewed`. */
export const eventKey = ({ event, name }: EventRef): string => (name === undefined ? event : `${event}:${name}`)

/** What an attribute is asked for. Numbers and money (minor units) by size, dates by day or by age, texts and lists by value. */
export const AttributeTest = z.discriminatedUnion('op', [
  z.object({
    op: z.literal('is'),
    values: z
      .array(z.union([z.string().max(200), z.number(), z.boolean()]))
      .min(1)
      .max(100),
  }),
  z.object({ op: z.literal('at_least'), value: z.number() }),
  z.object({ op: z.literal('at_most'), value: z.number() }),
  /** Text that begins so, letter case apart. */
  z.object({ op: z.literal('begins'), value: z.string().min(1).max(100) }),
  z.object({ op: z.literal('before'), date: z.iso.datetime() }),
  z.object({ op: z.literal('since'), date: z.iso.datetime() }),
  /** A date within the last so many days; one in the future is not. */
  z.object({ op: z.literal('within_days'), days }),
  /** A date longer ago than so many days. */
  z.object({ op: z.literal('older_days'), days }),
  z.object({ op: z.literal('known') }),
])
export type AttributeTest = z.infer<typeof AttributeTest>

export type Condition =
  | { type: 'all'; of: Condition[] }
  | { type: 'any'; of: Condition[] }
  | { type: 'not'; of: Condition }
  | { type: 'stage'; in: Stage[] }
  | { type: 'tier'; in: Tier[] }
  | {
      type: 'level'
      schemeId: string
      in: string[]
      scheme?: string | undefined
      names?: Record<string, string> | undefined
    }
  | { type: 'tag'; tagId: string; tag: string }
  | { type: 'silent'; minDays: number }
  | { type: 'rhythm'; factor: number }
  | { type: 'orders'; op: 'gte' | 'lte'; value: number }
  | { type: 'attribute'; key: string; name?: string | undefined; money?: boolean | undefined; test: AttributeTest }
  | { type: 'event'; of: EventRef; op: 'gte' | 'lte'; count: number; withinDays: number | null }
  | { type: 'sequence'; first: EventRef; next: EventRef; withinDays: number; sinceDays: number | null }
  | { type: 'group'; chatIds: string[] }
  | { type: 'segment'; segmentId: string; segment: string }

/** Who qualifies. Nested to any depth; an empty `all` is everyone. */
export const Condition: z.ZodType<Condition> = z
  .lazy(() =>
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('all'), of: z.array(Condition).max(20) }),
      z.object({ type: z.literal('any'), of: z.array(Condition).min(1).max(20) }),
      z.object({ type: z.literal('not'), of: Condition }),
      z.object({ type: z.literal('stage'), in: z.array(Stage).min(1) }),
      /** The tier of the primary scheme. */
      z.object({ type: z.literal('tier'), in: z.array(Tier).min(1) }),
      /** A level of any scheme; `scheme` and `names` (by key) are what they were called when they were chosen. */
      z.object({
        type: z.literal('level'),
        schemeId: id,
        in: z.array(id).min(1).max(20),
        scheme: label.optional(),
        names: z.record(id, label).optional(),
      }),
      z.object({ type: z.literal('tag'), tagId: id, tag: z.string() }),
      z.object({ type: z.literal('silent'), minDays: days }),
      /** Bought last so many of their own usual gaps between purchases ago, or longer; who bought on less than three days has none. */
      z.object({ type: z.literal('rhythm'), factor: z.number().min(0.5).max(10) }),
      z.object({ type: z.literal('orders'), op: z.enum(['gte', 'lte']), value: z.int().min(0) }),
      /**
       * `name`: what an attribute was called that managers have defined, `money`: that it is an amount; built-in ones have words in every
       * language.
       */
      z.object({
        type: z.literal('attribute'),
        key: id,
        name: label.optional(),
        money: z.boolean().optional(),
        test: AttributeTest,
      }),
      /** Happened at least (at most) so many times, within the last days or ever; the newest 50 times are known. */
      z.object({
        type: z.literal('event'),
        of: EventRef,
        op: z.enum(['gte', 'lte']),
        count: z
          .int()
          .min(0)
          .max(mostTimes - 1),
        withinDays: days.nullable(),
      }),
      /** One event and then, within so many days after it, the other; the first one within the last `sinceDays`, or ever. */
      z.object({
        type: z.literal('sequence'),
        first: EventRef,
        next: EventRef,
        withinDays: days,
        sinceDays: days.nullable(),
      }),
      /** In one of these customer groups. */
      z.object({ type: z.literal('group'), chatIds: z.array(id).min(1).max(100) }),
      z.object({ type: z.literal('segment'), segmentId: id, segment: label }),
    ]),
  )
  .meta({ id: 'Condition' })

/** Every leaf of a condition. */
export const leavesOf = (condition: Condition): Condition[] => {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf)
    case 'not':
      return leavesOf(condition.of)
    default:
      return [condition]
  }
}
