import type { Reader } from '../store/access.ts'
import type { Collection, IndexInfo } from '../store/catalog.ts'
import { joined, type Entry } from '../store/storage.ts'
import type { IndexRange, Plan } from './choose.ts'

/** A document found by a plan, not yet tested against the filter. */
export interface Found {
  idKey: Buffer
  raw: Buffer
}

const FIRST_CHUNK = 16
const LARGEST_CHUNK = 512

/**
 * Reads a range in growing chunks. Between chunks nothing is kept open in LMDB, so a cursor may rest for minutes: it goes on after the
 * last key it saw.
 */
function* entries(
  reader: Reader,
  table: 'docs' | 'index',
  id: number,
  range: IndexRange,
  reverse: boolean,
  first: number,
): Generator<Entry, void> {
  const { storage, snapshot } = reader
  const stretch = { low: joined(id, range.low), high: joined(id, range.high), reverse }
  let size = first
  let after: Buffer | undefined
  for (;;) {
    const chunk = storage.chunk(storage[table], stretch, size, after, snapshot)
    yield* chunk
    after = chunk.at(-1)?.key
    if (after === undefined) return
    if (chunk.length < size && !isLarge(chunk)) return
    size = Math.min(size * 2, LARGEST_CHUNK)
  }
}

function isLarge(chunk: readonly Entry[]): boolean {
  let bytes = 0
  for (const { value } of chunk) bytes += value.length
  return bytes > 1 << 19
}

function pull(source: Generator<Entry, void>): Entry | undefined {
  const next = source.next()
  return next.done === true ? undefined : next.value
}

/** Merges ranges by the part of their keys that differs from the equal beginning, so that the whole comes out in sort order. */
function* merged(reader: Reader, index: IndexInfo, ranges: readonly IndexRange[], reverse: boolean): Generator<Entry> {
  const heads = ranges.map((range) => {
    const source = entries(reader, 'index', index.id, range, reverse, FIRST_CHUNK)
    return { source, skip: range.prefixLength + 4, entry: pull(source) }
  })
  for (;;) {
    let best: (typeof heads)[number] | undefined
    for (const head of heads) {
      if (head.entry === undefined) continue
      if (best?.entry === undefined) best = head
      else {
        const difference = Buffer.compare(head.entry.key.subarray(head.skip), best.entry.key.subarray(best.skip))
        if (reverse ? difference > 0 : difference < 0) best = head
      }
    }
    if (best?.entry === undefined) return
    yield best.entry
    best.entry = pull(best.source)
  }
}

/** Fetches unique entries by their whole keys. */
function* exactEntries(reader: Reader, { index, ranges }: Extract<Plan, { kind: 'index' }>): Generator<Entry> {
  for (const { low } of ranges) {
    const value = reader.owner(index, low)
    if (value !== undefined) yield { key: low, value }
  }
}

/** The entries of an index that a plan reads. */
export function* entriesOf(reader: Reader, plan: Extract<Plan, { kind: 'index' }>): Generator<Entry> {
  const { index, reverse } = plan
  if (plan.exact && !plan.sorted) yield* exactEntries(reader, plan)
  else if (plan.merge) yield* merged(reader, index, plan.ranges, reverse)
  else yield* inKeyOrder(reader, plan)
}

function* inKeyOrder(reader: Reader, plan: Extract<Plan, { kind: 'index' }>): Generator<Entry> {
  const { index, reverse } = plan
  const ranges = reverse ? [...plan.ranges].reverse() : plan.ranges
  for (const range of ranges) yield* entries(reader, 'index', index.id, range, reverse, FIRST_CHUNK)
}

function* stored(reader: Reader, coll: Collection, plan: Plan): Generator<Found> {
  if (plan.kind === 'documents') {
    const ranges = plan.reverse ? [...plan.ranges].reverse() : plan.ranges
    for (const range of ranges) {
      for (const { key, value } of entries(reader, 'docs', coll.id, range, plan.reverse, FIRST_CHUNK)) {
        yield { idKey: key.subarray(4), raw: value }
      }
    }
  } else if (plan.kind === 'index') {
    const seen = plan.index.multikey ? new Set<string>() : undefined
    for (const { value: idKey } of entriesOf(reader, plan)) {
      if (seen !== undefined) {
        const text = idKey.toString('latin1')
        if (seen.has(text)) continue
        seen.add(text)
      }
      const raw = reader.storage.get(reader.storage.docs, joined(coll.id, idKey), reader.snapshot)
      if (raw !== undefined) yield { idKey, raw }
    }
  } else yield* joinedPlans(reader, coll, plan.plans)
}

function* joinedPlans(reader: Reader, coll: Collection, plans: readonly Plan[]): Generator<Found> {
  const seen = new Set<string>()
  for (const plan of plans) {
    for (const found of stored(reader, coll, plan)) {
      const text = found.idKey.toString('latin1')
      if (seen.has(text)) continue
      seen.add(text)
      yield found
    }
  }
}

/**
 * The documents a plan leads to, each once, lazily. A transaction's own versions replace the stored ones; new ones come last, so the
 * order of the plan only holds when the reader has no overlay for the collection.
 */
export function* readPlan(reader: Reader, coll: Collection, plan: Plan): Generator<Found> {
  const overlay = reader.overlay(coll)
  for (const found of stored(reader, coll, plan)) {
    if (overlay?.has(found.idKey.toString('latin1')) !== true) yield found
  }
  for (const { idKey, raw } of overlay?.values() ?? []) if (raw !== undefined) yield { idKey, raw }
}
