import { Binary, Decimal128, Double, Int32, Long, ObjectId, serialize, Timestamp } from 'bson'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTyped, type Doc } from '../bson/values.ts'
import { indexInfo, type Collection, type IndexInfo } from './catalog.ts'
import { changeOf, type Change } from './changes.ts'
import { indexKeys, meetsArray } from './indexKeys.ts'
import { joined } from './storage.ts'

const one = Long.fromNumber(1)
const down = Long.fromNumber(-1)
const common = fc.constantFrom<unknown>(
  'a', 'b', '', 'a\0b', '\u0001', '个护', '😀', null, true, false, new Date(1), new Date(-5), new Date(8.64e15),
  new Int32(1), new Int32(-7), new Double(1), new Double(-0.5), new Double(-0), new Double(NaN), new Double(Infinity),
) // prettier-ignore
const unusual = fc.constantFrom<unknown>(
  Long.fromNumber(1), Long.fromString('9007199254740993'), Long.MIN_VALUE, Decimal128.fromString('1.0'), Decimal128.fromString('0.3'),
  new ObjectId('0123456789abcdef01234567'), new Timestamp({ t: 1, i: 2 }), new Binary(Buffer.from('x')), /a/i, undefined,
  { $ref: 'c', $id: 1 }, { k: 'a' }, {}, [], [[]], ['a', ['a', 'b']], 'x'.repeat(950), `${'x'.repeat(950)}y`, new Date(NaN),
) // prettier-ignore
const scalar = fc.oneof({ weight: 6, arbitrary: common }, { weight: 1, arbitrary: unusual })
const value = fc.oneof({ weight: 6, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) })
const item = fc.oneof(
  { weight: 8, arbitrary: fc.record({ k: value, v: value, more: scalar }, { requiredKeys: [] }) },
  { weight: 1, arbitrary: scalar },
)
const list = fc.oneof({ weight: 5, arbitrary: fc.array(item, { maxLength: 5 }) }, { weight: 1, arbitrary: value })
const doc = fc.record(
  { x: scalar, list, tags: value, in: fc.oneof(value, fc.record({ k: value, list }, { requiredKeys: [] })), y: value },
  { requiredKeys: [] },
)
/** Mostly the same document with one field or one element other, as updates go. */
const pair = fc.oneof(
  fc.tuple(doc, doc),
  fc.tuple(doc, doc).map(([before, { x, list: other }]) => [before, { ...before, x, list: other }] as const),
  fc.tuple(fc.array(item, { minLength: 1, maxLength: 6 }), item, fc.nat(), scalar).map(([items, other, at, x]) => {
    const before: Doc = { x, list: items }
    return [before, { x, list: items.with(at % items.length, other) }] as const
  }),
  // An element that is there twice, and then once, or the other way round.
  fc
    .tuple(fc.array(item, { minLength: 3, maxLength: 6 }), fc.nat(), fc.nat(), item, fc.boolean())
    .map(([items, from, to, other, turned]) => {
      const twice: Doc = { list: items.with(to % items.length, items[from % items.length]) }
      const once: Doc = { list: items.with(to % items.length, other) }
      return turned ? ([once, twice] as const) : ([twice, once] as const)
    }),
  doc.map((of) => [undefined, of] as const),
  doc.map((of) => [of, undefined] as const),
)
const patterns: readonly Doc[] = [
  { x: one },
  { x: down },
  { tags: one },
  { tags: one, x: down, _id: down },
  { 'list.k': one, 'list.v': one },
  { 'list.k': one, 'list.v': down, _id: one },
  { 'list.k': one },
  { 'list.k.k': one, x: one },
  { 'in.k': one, x: one },
  { 'in.k': one, 'in.list.k': one },
  { 'in.list.k': one, 'in.list.v': one, y: one },
  { list: one, 'list.k': one },
  { 'list.0': one },
  { y: one, x: one },
]
const kinds: readonly Doc[] = [
  {},
  { unique: true },
  { sparse: true },
  { partialFilterExpression: { x: { $exists: true } } },
  { unique: true, partialFilterExpression: { x: { $gte: 'b' } } },
  { partialFilterExpression: { tags: { $gt: '' } } },
  { partialFilterExpression: { tags: { $exists: true }, y: { $lte: new Date(1) } } },
  { partialFilterExpression: { 'list.k': { $gt: 'a', $lt: '个' } } },
  { partialFilterExpression: { 'in.list.k': 'a' } },
  { partialFilterExpression: { 'list.v': { $type: 'string' } } },
  { partialFilterExpression: { 'in.k': { $exists: true } } },
]

const collectionOf = (written: readonly IndexInfo[]): Collection => ({
  id: 1, db: 'd', name: 'c', ns: 'd.c', uuid: new Binary(Buffer.alloc(16), 4), options: {}, indexes: [], building: [], written,
  indexedSince: 0, indexedFields: undefined, count: 0, bytes: 0,
}) // prettier-ignore

const idKey = Buffer.from('id')
const text = (at: Buffer): string => at.toString('latin1')
const refused = (work: () => void): string | undefined => {
  try {
    work()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
const stored = (of: Doc | undefined): Buffer | undefined =>
  of === undefined ? undefined : Buffer.from(serialize({ _id: 'id', ...of }, { ignoreUndefined: false }))

/** The general way: all keys of both documents, read, and those that are of one of them only. */
function expected(
  index: IndexInfo,
  before: Buffer | undefined,
  after: Buffer | undefined,
): { gone: string[]; come: string[] } {
  const keysOf = (raw: Buffer | undefined): string[] =>
    raw === undefined
      ? []
      : indexKeys(index, readTyped(raw)).map((key) => text(index.unique ? joined(1, key) : joined(1, key, idKey)))
  const [old, fresh] = [keysOf(before), keysOf(after)]
  if (after !== undefined && meetsArray(index, readTyped(after))) index.multikey = true
  return {
    gone: old.filter((key) => !fresh.includes(key)).sort(),
    come: fresh.filter((key) => !old.includes(key)).sort(),
  }
}

const keysIn = ({ gone, come, released, taken }: Change): { gone: string[]; come: string[] } => ({
  gone: [...gone.map(text), ...released.map(({ index, key }) => text(joined(index.id, key)))].sort(),
  come: [...come.map(text), ...taken.map(({ index, key }) => text(joined(index.id, key)))].sort(),
})

it('a change takes and brings the keys that one of the two documents has and the other lacks', () => {
  fc.assert(
    fc.property(pair, fc.constantFrom(...patterns), fc.constantFrom(...kinds), ([was, is], key, kind) => {
      const [before, after] = [stored(was), stored(is)]
      const [index, other] = [
        indexInfo(1, { name: 'i', key, ...kind }, false),
        indexInfo(1, { name: 'i', key, ...kind }, false),
      ]
      const failed = refused(() => expected(other, before, after))
      const work = (): Change => changeOf(collectionOf([index]), idKey, before, after)
      // Where nothing it depends on changes, an index that could not take the document is not asked.
      if (failed !== undefined) {
        expect([failed, undefined]).toContain(refused(work))
        return
      }
      const keys = expected(other, before, after)
      expect(keysIn(work())).toEqual(keys)
      if (keys.come.length > 0) expect(index.multikey).toBe(other.multikey)
    }),
    { numRuns: 4000 },
  )
})
