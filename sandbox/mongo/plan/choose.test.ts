import { Binary } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { prepareFilter } from '../query/filter.ts'
import { parseSort } from '../query/sort.ts'
import { indexInfo, type Collection } from '../store/catalog.ts'
import { choosePlan, type Plan } from './choose.ts'

function collection(...specs: Doc[]): Collection {
  const indexes = specs.map((spec, i) => indexInfo(i + 1, { name: `i${i}`, ...spec }, spec.multikey === true))
  return {
    id: 1,
    db: 'db',
    name: 'c',
    ns: 'db.c',
    uuid: new Binary(),
    options: {},
    indexes,
    building: [],
    written: indexes,
    indexedSince: 0,
    indexedFields: undefined,
    count: 0,
    bytes: 0,
  }
}

function plan(coll: Collection, filter: Doc, sort: Doc = {}): string {
  return show(choosePlan(coll, prepareFilter(filter), parseSort(sort)))
}

function show(chosen: Plan): string {
  if (chosen.kind === 'either') return `either(${chosen.plans.map(show).join()})`
  const name = chosen.kind === 'documents' ? '_id' : chosen.index.name
  return `${name}${chosen.bounded ? ' bounded' : ''}${chosen.sorted ? ' sorted' : ''}${chosen.reverse ? ' back' : ''}${chosen.kind === 'index' && chosen.merge ? ' merge' : ''}`
}

describe('choosePlan', () => {
  const due = collection({ key: { state: 1, dueAt: 1 } }, { key: { code: 1 }, unique: true })

  it('uses equality, then range, then order', () => {
    expect(plan(due, { state: 'x', dueAt: { $lte: 5 } }, { dueAt: 1 })).toBe('i0 bounded sorted')
    expect(plan(due, { state: 'x' }, { dueAt: -1 })).toBe('i0 bounded sorted back')
    expect(plan(due, { code: 'c', state: 'x' })).toBe('i1 bounded')
    expect(plan(due, { other: 1 })).toBe('_id')
    expect(plan(due, { _id: { $gt: 5 } }, { _id: 1 })).toBe('_id bounded sorted')
  })

  it('merges the ranges of $in to keep the order', () => {
    expect(plan(due, { state: { $in: ['x', 'y'] } }, { dueAt: 1 })).toBe('i0 bounded sorted merge')
    expect(plan(due, { state: { $in: ['x', 'y'] } }, { state: -1, dueAt: -1 })).toBe('i0 bounded sorted back')
    expect(plan(due, { state: { $in: ['x', 'y'] } }, { state: 1, dueAt: -1 })).toBe('i0 bounded')
  })

  it('answers $or by several indexes when each branch has one', () => {
    expect(plan(due, { $or: [{ code: 'a' }, { state: 'x' }] })).toBe('either(i1 bounded,i0 bounded)')
    expect(plan(due, { $or: [{ code: 'a' }, { other: 1 }] })).toBe('_id')
  })

  it('leaves sparse and partial indexes alone when they may lack a match', () => {
    const partial = collection(
      { key: { a: 1 }, partialFilterExpression: { state: 'open', n: { $gt: 5 } } },
      { key: { b: 1 }, sparse: true },
    )
    expect(plan(partial, { a: 1 })).toBe('_id')
    expect(plan(partial, { a: 1, state: 'open', n: { $gt: 7 } })).toBe('i0 bounded')
    expect(plan(partial, { a: 1, state: 'open', n: { $gt: 3 } })).toBe('_id')
    expect(plan(partial, { b: null })).toBe('_id')
    expect(plan(partial, { b: 3 })).toBe('i1 bounded')
  })

  it('reads a whole partial or sparse index that holds every match rather than all documents', () => {
    const riding = collection({ key: { along: 1 }, partialFilterExpression: { along: { $exists: true } } })
    expect(plan(riding, { state: 'x', along: { $exists: true } })).toBe('i0')
    expect(plan(riding, { $or: [{ along: { $exists: true }, state: 'x' }, { _id: 3 }] })).toBe('either(i0,_id bounded)')
    expect(plan(riding, { along: { $exists: false } })).toBe('_id')
    expect(plan(riding, { along: { $exists: true } }, { _id: 1 })).toBe('_id sorted')
  })

  it('finds a long list of keys by the index', () => {
    const keys = Array.from({ length: 5000 }, (_each, i) => `k${i}`)
    expect(plan(due, { code: { $in: keys }, state: 'x' })).toBe('i1 bounded')
    expect(plan(due, { _id: { $in: keys } })).toBe('_id bounded')
  })

  it('narrows several fields of an array’s documents only by what one element must meet', () => {
    const attrs = collection({ key: { 'attrs.k': 1, 'attrs.v': 1 }, multikey: true })
    const rangesOf = (filter: Doc): number[] => {
      const chosen = choosePlan(attrs, prepareFilter(filter), [])
      return chosen.kind === 'index' ? chosen.ranges.map(({ prefixLength }) => prefixLength) : []
    }
    const [whole = 0] = rangesOf({ attrs: { $elemMatch: { k: 'city' } } })
    const both = { attrs: { $elemMatch: { k: 'city', v: { $in: ['a', 'b'] } } } }
    expect(rangesOf(both)).toHaveLength(2)
    expect(rangesOf(both).every((length) => length > whole)).toBe(true)
    expect(rangesOf({ 'attrs.k': 'city', 'attrs.v': 'a' })).toEqual([whole])
    expect(rangesOf({ $and: [{ attrs: { $elemMatch: { k: 'age', v: { $gt: 3 } } } }, both] })).toHaveLength(2)
  })

  it('does not take the order from a multikey index', () => {
    const multi = collection({ key: { tags: 1 }, multikey: true })
    expect(plan(multi, { tags: 'a' }, { tags: 1 })).toBe('i0 bounded')
  })
})
