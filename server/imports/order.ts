import type { Problem, ProblemCode } from '@zhiyin/shared/cleaning'
import type { FactPayload, NewFact } from '@zhiyin/shared/fact'
import type { Identity } from '../profile/read.ts'
import type { OrderDoc } from './imports.model.ts'
import type { BadLine, OrderLine, StagedLine } from './types.ts'

/** What the lines of one order add up to. */
export type Order = {
  readonly who: readonly Identity[]
  readonly at: Date
  readonly payload: FactPayload<'order.completed'>
  readonly refund: { readonly amount: number; readonly at: Date } | null
}

const mostProducts = 100

const linesOf = ({ lines }: Pick<OrderDoc, 'lines'>): StagedLine[] => Object.values(lines).sort((a, b) => a.row - b.row)

/** The lines that are one order: of a numbered order all of them; without a number each is an order of its own. */
export const ordersIn = ({ _id, lines }: OrderDoc): { orderId: string; lines: readonly StagedLine[] }[] => {
  const key = _id.slice(_id.indexOf(':') + 1)
  const all = linesOf({ lines })
  if (key.startsWith('#')) return [{ orderId: key.slice(1), lines: all }]
  // What is said twice in one file happened twice; in another file it is the same again.
  return all.map((line, n) => ({ orderId: `csv-${key.slice(1)}${n === 0 ? '' : `-${n + 1}`}`, lines: [line] }))
}

const differs = (lines: readonly OrderLine[], of: (line: OrderLine) => string | number | null): boolean =>
  new Set(lines.map(of)).size > 1

const problemIn = (lines: readonly OrderLine[]): ProblemCode | null => {
  if (differs(lines, ({ who }) => JSON.stringify(who.map(({ kind, value }) => `${kind}:${value}`).sort())))
    return 'order.customers_differ'
  if (differs(lines, ({ currency }) => currency)) return 'order.currencies_differ'
  return differs(
    lines.filter(({ amount }) => amount !== null),
    ({ amount }) => amount,
  )
    ? 'order.amounts_differ'
    : null
}

const refundOf = (lines: readonly OrderLine[], amount: number, at: Date): Order['refund'] => {
  const refunded = lines.filter(({ refund }) => refund !== null)
  const [first] = refunded
  if (first === undefined) return null
  const all = refunded.every(({ refund }) => refund === true)
  // An amount that stands beside the order's own, the same on each line, is of the order; else each line has its own.
  const ofOrder = first.amount !== null && !differs(lines, ({ refund }) => (refund === true ? -1 : refund))
  const sum = refunded.reduce(
    (total, { refund, lineAmount }) => total + (refund === true ? (lineAmount ?? 0) : (refund ?? 0)),
    0,
  )
  const whole = all && (lines.length === refunded.length || first.amount !== null)
  const given = whole ? amount : ofOrder && first.refund !== true ? (first.refund ?? 0) : sum
  const times = refunded.flatMap(({ refundAt }) => (refundAt === null ? [] : [refundAt.getTime()]))
  return { amount: given, at: times.length === 0 ? at : new Date(Math.max(...times)) }
}

const isBad = (line: StagedLine): line is BadLine => 'problems' in line

/** Every line of an order that is not taken, each with why. */
export const refused = (lines: readonly StagedLine[], problem: Problem): { rejected: readonly BadLine[] } => ({
  rejected: lines.map((line) => {
    const { row, cells } = line
    return { row, cells, problems: isBad(line) ? line.problems : [{ column: null, problem }] }
  }),
})

/** An order from its lines, or what is wrong with them. Its amount is the stated one, else the sum of the lines'. */
export const orderOf = (
  orderId: string,
  staged: readonly StagedLine[],
): { order: Order } | { rejected: readonly BadLine[] } => {
  const refuse = (code: ProblemCode) => refused(staged, { code, params: { orderId } })
  const lines = staged.flatMap((line) => (isBad(line) ? [] : [line]))
  const [first] = lines
  if (first === undefined || lines.length < staged.length) return refuse('order.other_line')
  const code = problemIn(lines)
  if (code !== null) return refuse(code)
  const stated = lines.find(({ amount }) => amount !== null)?.amount ?? null
  const amount = stated ?? lines.reduce((sum, { lineAmount }) => sum + (lineAmount ?? 0), 0)
  const at = new Date(Math.min(...lines.map((line) => line.at.getTime())))
  const refund = refundOf(lines, amount, at)
  if (refund !== null && refund.amount > amount) return refuse('order.refund_too_large')
  const products = lines.flatMap(({ product }) => (product === null ? [] : [product])).slice(0, mostProducts)
  const payload = { orderId, amount, currency: first.currency, products }
  return { order: { who: first.who, at, payload, refund: refund?.amount === 0 ? null : refund } }
}

/** Keys in order, so that what comes back from the database compares with what was made here. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, canonical(part)]),
  )
}

const mostVersions = 20
/** Under which ids earlier imports may have told of an order: what it was first, and how it was changed. */
export const versionIds = (orderId: string): readonly string[] =>
  Array.from({ length: mostVersions }, (_, n) => `import:order:${orderId}${n === 0 ? '' : `:${n}`}`)

/**
 * The facts of an order. `known`: those of earlier imports, by id; another content is what the order has become `now`. When it was placed
 * is never changed.
 */
export const orderFacts = (
  { at, payload, refund }: Order,
  customerId: string,
  known: ReadonlyMap<string, { readonly payload: unknown }>,
  now: Date,
): { readonly facts: NewFact[]; readonly what: 'created' | 'updated' | 'unchanged' } => {
  const { orderId, currency } = payload
  const base = { customerId, source: 'ingest' } as const
  const ids = versionIds(orderId)
  const content = JSON.stringify(canonical(payload))
  const last = ids.findLastIndex((id) => known.has(id))
  const same = last !== -1 && JSON.stringify(canonical(known.get(ids[last] ?? '')?.payload)) === content
  const id = ids[Math.min(last + 1, mostVersions - 1)] ?? ''
  const facts: NewFact[] = []
  if (last === -1) facts.push({ ...base, id, at, type: 'order.completed', payload })
  else if (!same) facts.push({ ...base, id, at: now, type: 'order.updated', payload })
  if (refund !== null)
    facts.push({
      ...base,
      id: `import:refund:${orderId}:${refund.amount}`,
      at: refund.at,
      type: 'order.refunded',
      payload: { orderId, refundId: 'import', amount: refund.amount, currency },
    })
  return { facts, what: last === -1 ? 'created' : same ? 'unchanged' : 'updated' }
}
