import { z } from 'zod'
import { AttributeKey } from './attribute.ts'
import { Problem } from './cleaning.ts'
import { companyCurrency } from './money.ts'

/** customers: a row is a person; orders: a row is an order or a line of one. */
export const importKinds = ['customers', 'orders'] as const
export const ImportKind = z.enum(importKinds)
export type ImportKind = z.infer<typeof ImportKind>

/** `mapping`: the file is there, nobody has started it; `failed`: it cannot be read on, `problem` says why. */
export const importStates = ['uploading', 'mapping', 'running', 'paused', 'done', 'cancelled', 'failed'] as const
export const ImportState = z.enum(importStates)
export type ImportState = z.infer<typeof ImportState>

/** Identities a column may hold, the surest first. */
export const importIdentities = ['external_userid', 'unionid', 'user_id', 'crm_id', 'phone', 'email'] as const

/** In what form a trait is kept; money in minor units (in another currency as text), time as ISO, region as four traits: region (code), province, city, district. */
export const traitForms = [
  'text',
  'name',
  'number',
  'money',
  'date',
  'time',
  'birthday',
  'gender',
  'boolean',
  'list',
  'region',
] as const
export const TraitForm = z.enum(traitForms)
export type TraitForm = z.infer<typeof TraitForm>

/** Traits everybody has; managers define others. */
export const knownTraits = {
  name: 'name',
  gender: 'gender',
  birthday: 'birthday',
  region: 'region',
  company: 'name',
} as const satisfies Record<string, TraitForm>

export const orderFields = [
  'id',
  'time',
  'amount',
  'line_amount',
  'currency',
  'product',
  'product_id',
  'category',
  'quantity',
  'price',
  'refund',
  'refund_time',
] as const
export const OrderField = z.enum(orderFields)
export type OrderField = z.infer<typeof OrderField>

/**
 * What a column is. `as_of`: when the row was true. Of orders `amount` is of the whole order (the same on each of its lines),
 * `line_amount` of the line; `price` is of one piece; `refund` an amount, or yes for all of it.
 */
export const Target = z.discriminatedUnion('to', [
  z.object({ to: z.literal('skip') }),
  z.object({ to: z.literal('identity'), kind: z.enum(importIdentities) }),
  z.object({ to: z.literal('trait'), key: AttributeKey, form: TraitForm }),
  z.object({ to: z.literal('tags') }),
  z.object({ to: z.literal('consent') }),
  z.object({ to: z.literal('as_of') }),
  z.object({ to: z.literal('order'), field: OrderField }),
])
export type Target = z.infer<typeof Target>

export const mostColumns = 200

/** What each column is, in their order; `currency`: of amounts that name none. */
export const Mapping = z.object({
  columns: z.array(Target).min(1).max(mostColumns),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default(companyCurrency),
})
export type Mapping = z.infer<typeof Mapping>

export const encodings = ['utf-8', 'gb18030', 'utf-16le'] as const
export type Encoding = (typeof encodings)[number]

/** What keeps a mapping from being used. */
export const mappingFaults = ['no_identity', 'no_time', 'no_amount', 'twice', 'wrong_kind', 'columns'] as const
export type MappingFault = (typeof mappingFaults)[number]

/** A name for a target, unique: what may stand once only, and what a select box holds. */
export const targetKey = (target: Target): string => {
  switch (target.to) {
    case 'identity':
      return `identity:${target.kind}`
    case 'trait':
      return `trait:${target.key}`
    case 'order':
      return `order:${target.field}`
    default:
      return target.to
  }
}

const isFor = (kind: ImportKind, { to }: Target): boolean =>
  to === 'skip' || to === 'identity' || (kind === 'orders' ? to === 'order' : to !== 'order')

/** What is wrong with a mapping; empty: it can be used. */
export const faultsOf = (kind: ImportKind, { columns }: Pick<Mapping, 'columns'>): readonly MappingFault[] => {
  const used = columns.filter(({ to }) => to !== 'skip')
  const keys = new Set(used.map(targetKey))
  const has = (field: OrderField): boolean => keys.has(`order:${field}`)
  const once = used.filter(({ to }) => to !== 'tags')
  const faults: [MappingFault, boolean][] = [
    ['wrong_kind', used.some((target) => !isFor(kind, target))],
    ['twice', new Set(once.map(targetKey)).size < once.length],
    ['no_identity', !used.some(({ to }) => to === 'identity')],
    ['no_time', kind === 'orders' && !has('time')],
    ['no_amount', kind === 'orders' && !has('amount') && !has('line_amount') && !has('price')],
  ]
  return faults.flatMap(([fault, holds]) => (holds ? [fault] : []))
}

/** rows: those read; of customers the others count rows, of orders they count orders but for `rejected`, which are rows. */
export const ImportCounts = z.object({
  rows: z.int(),
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  rejected: z.int(),
})
export type ImportCounts = z.infer<typeof ImportCounts>

/** A problem of a row; `column` is its place, null where it is about the whole row. */
export const RowProblem = z.object({ column: z.int().nullable(), problem: Problem })
export type RowProblem = { readonly column: number | null; readonly problem: Problem }
