import { z } from 'zod'
import { EventRef } from './condition.ts'
import { Layer, ValueSource, valueSources } from './customer.ts'

export const attributeTypes = ['text', 'number', 'money', 'date', 'boolean', 'choice', 'list'] as const
export const AttributeType = z.enum(attributeTypes)
export type AttributeType = z.infer<typeof AttributeType>

/** open: everybody who sees the customer; personal: masked but for the customer's own reps and managers; sensitive: masked for everybody; an admin may reveal it with a reason that is audited. */
export const sensitivities = ['open', 'personal', 'sensitive'] as const
export const Sensitivity = z.enum(sensitivities)
export type Sensitivity = z.infer<typeof Sensitivity>

/** A value as conditions compare it; a date as Date. */
export type AttributeValue = string | number | boolean | Date | readonly string[]

/** So many of the newest events are kept for a computed value, in every customer it has some of. */
export const mostKept = 500

/** What is worked out of the orders themselves: all of them, net of refunds and without cancelled ones. */
export const orderEvents = ['order.completed', 'order.refunded', 'order.cancelled'] as const
export type OrderEvent = (typeof orderEvents)[number]
export const isOfOrders = (event: string): event is OrderEvent => orderEvents.some((one) => one === event)

/** What can be asked of each; amounts in minor units of the company's currency, `name`, `brand` and `id` are those of the products. */
export const orderProperties: Readonly<Record<OrderEvent, readonly string[]>> = {
  'order.completed': ['amount', 'category', 'name', 'brand', 'id', 'quantity'],
  'order.refunded': ['amount', 'category'],
  'order.cancelled': ['amount', 'category'],
}

const property = z.string().trim().min(1).max(100)
/** Only events whose property is one of these count. */
const Where = z.object({
  property,
  is: z
    .array(z.union([z.string().max(200), z.number(), z.boolean()]))
    .min(1)
    .max(50),
})
const windowDays = z.int().min(1).max(365).nullable()
const of = EventRef.extend({ where: z.array(Where).max(5).default([]) })

/**
 * A value worked out from events, as data. `windowDays` null: all there ever were. Amounts of orders are in minor units; those of
 * behaviours are as the shop said them, and read as such where the attribute is money. Of orders all count,
 * as `orderEvents` says; of other events the newest `mostKept`.
 */
export const Computation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('count'), of, windowDays }),
  z.object({ type: z.literal('sum'), of, property, windowDays }),
  z.object({ type: z.literal('average'), of, property, windowDays }),
  z.object({ type: z.literal('first'), of, property: property.nullable() }),
  /** The property of the newest event; null: when it was. */
  z.object({ type: z.literal('last'), of, property: property.nullable() }),
  z.object({ type: z.literal('top'), of, property, most: z.int().min(1).max(10), windowDays }),
  z.object({ type: z.literal('unique'), of, property, windowDays }),
  /** How many of `to` there are for each of `of`, 0..1 and more. */
  z.object({ type: z.literal('ratio'), of, to: of, windowDays }),
  /** Days between, the median of the newest 13. */
  z.object({ type: z.literal('median_gap'), of }),
])
export type Computation = z.infer<typeof Computation>

/**
 * What systems call a trait: letters of any script, digits, _ and -, at most 64. No dots and no $, for it becomes a name in the database;
 * not two _ in front, which JavaScript has taken.
 */
export const attributeKey = /^(?!__)[\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,63}$/u

export const AttributeKey = z.string().regex(attributeKey, 'letters of any script, digits, _ and -, at most 64')

/** An attribute of the five-layer profile, as managers define it. */
export const Attribute = z.object({
  key: AttributeKey,
  name: z.string().trim().min(1).max(40),
  nameEn: z.string().trim().max(40).optional(),
  layer: Layer,
  type: AttributeType,
  choices: z.array(z.string().trim().min(1).max(60)).max(100).default([]),
  sensitivity: Sensitivity.default('open'),
  /** Of values nobody stated, the earlier source here wins; of the same source the newer one. Stated ones always win. */
  sources: z.array(ValueSource).max(valueSources.length).default([]),
  computation: Computation.nullable().default(null),
})
export type Attribute = z.infer<typeof Attribute>
