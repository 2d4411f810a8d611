import type { Mapping } from '@zhiyin/shared/import'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { unsealed, type Sealing } from '../platform/vault.ts'
import { erasedId, type Identity } from '../profile/read.ts'
import { placeBehind, withoutWords, type Batches, type Rejected } from './batch.ts'
import type { Context } from './cells.ts'
import { importCollections, within, type ImportDoc } from './imports.model.ts'
import { lineOf } from './order-line.ts'
import { orderFacts, orderOf, ordersIn, refused, versionIds, type Order } from './order.ts'
import { isEmpty } from './table.ts'
import type { Row, StagedLine } from './types.ts'

export type OrderDeps = {
  mongo: Mongo
  /** Lines wait sealed until their order is written. */
  vault?: Sealing
  clock: Clock
  ensureCustomers: (groups: readonly (readonly Identity[])[]) => Promise<string[]>
  factsByIds: (ids: readonly string[]) => Promise<readonly Fact[]>
}

/** Rows of an order file: cleaned and put beside the other lines of their order, wherever in the file those stand. */
export const takeLines = async (
  { mongo, vault = unsealed }: Pick<OrderDeps, 'mongo' | 'vault'>,
  batches: Batches,
  doc: ImportDoc,
  rows: readonly Row[],
  mapping: Mapping,
  context: Context,
): Promise<void> => {
  const began = performance.now()
  const { orders } = importCollections(mongo.connection)
  const rejected: Rejected[] = []
  const byKey = new Map<string, StagedLine[]>()
  const full = rows.filter((row) => !isEmpty(row))
  for (const row of full) {
    const read = lineOf(row, mapping, context)
    const { row: n, cells } = row
    const stage = (key: string, line: StagedLine): void => void byKey.set(key, [...(byKey.get(key) ?? []), line])
    if ('line' in read) stage(read.key, read.line)
    else if (read.key === null) rejected.push({ row: n, cells, problems: read.problems })
    else stage(read.key, { row: n, cells, problems: read.problems })
  }
  if (byKey.size > 0)
    await orders.bulkWrite(
      [...byKey].map(([key, lines]) => ({
        updateOne: {
          filter: { _id: `${doc._id}:${key}` },
          update: { $set: Object.fromEntries(lines.map((line) => [`lines.${line.row}`, vault.sealTexts(line)])) },
          upsert: true,
        },
      })),
      { ordered: false },
    )
  await batches.close(doc, {
    facts: [],
    rejected,
    counts: { rows: full.length, rejected: rejected.length },
    set: placeBehind(doc, rows),
    ms: performance.now() - began,
  })
}

/** Every line is there: how many orders they make. */
export const countOrders = ({ mongo }: Pick<OrderDeps, 'mongo'>, importId: string): Promise<number> =>
  importCollections(mongo.connection).orders.countDocuments({ _id: within(importId) })

const bare = <R extends { readonly cells: readonly string[] }>(row: R): R => ({
  ...row,
  cells: withoutWords(row.cells),
})

/** Writes the next orders as facts; answers whose they are, nobody once all are written. */
export const writeOrders = async (
  { mongo, clock, ensureCustomers, factsByIds, vault = unsealed }: OrderDeps,
  batches: Batches,
  doc: ImportDoc,
  atOnce: number,
): Promise<readonly string[] | null> => {
  const began = performance.now()
  const { orders } = importCollections(mongo.connection)
  const docs = await orders
    .find({ _id: within(doc._id) })
    .sort({ _id: 1 })
    .limit(atOnce)
    .toArray()
  if (docs.length === 0) return null
  const put: { order: Order; lines: readonly StagedLine[] }[] = []
  const rejected: Rejected[] = []
  for (const { orderId, lines } of docs.map((order) => vault.open(order)).flatMap(ordersIn)) {
    const made = orderOf(orderId, lines)
    if ('order' in made) put.push({ order: made.order, lines })
    else rejected.push(...made.rejected)
  }
  const found = await ensureCustomers(put.map(({ order: { who, at } }) => who.map((one) => ({ ...one, at }))))
  const known = put.map((one, i) => ({ ...one, owner: found[i] ?? erasedId }))
  const owned = known.filter(({ owner }) => owner !== erasedId)
  for (const { lines } of known.filter(({ owner }) => owner === erasedId))
    rejected.push(...refused(lines, { code: 'row.erased', params: {} }).rejected.map(bare))
  const good = owned.map(({ order }) => order)
  const owners = owned.map(({ owner }) => owner)
  const first = await factsByIds(good.flatMap(({ payload }) => versionIds(payload.orderId).slice(0, 1)))
  const seen = new Set(first.map(({ id }) => id))
  const later = good.map(({ payload }) => versionIds(payload.orderId)).filter(([id = '']) => seen.has(id))
  const earlier = [...first, ...(later.length === 0 ? [] : await factsByIds(later.flatMap((ids) => ids.slice(1))))]
  const told = new Map(earlier.map((fact) => [fact.id, fact]))
  const made = good.map((order, i) => orderFacts(order, owners[i] ?? '', told, clock.date()))
  const facts = made.flatMap((each): NewFact[] => each.facts)
  const before = new Set((await factsByIds(facts.map(({ id }) => id))).map(({ id }) => id))
  const counts = { created: 0, updated: 0, unchanged: 0, rejected: rejected.length }
  for (const { facts: own, what } of made) {
    if (what === 'created') counts.created += 1
    else if (own.some(({ id }) => !before.has(id))) counts.updated += 1
    else counts.unchanged += 1
  }
  await batches.close(doc, {
    facts,
    rejected,
    counts,
    set: {},
    written: { orders: docs.length, ids: docs.map(({ _id }) => _id) },
    ms: performance.now() - began,
  })
  return owners
}
