import type { Condition } from '@zhiyin/shared/condition'
import { expect, it } from 'vitest'
import { bare, everyone, gapsOfCondition, joined, joinOf, joins, leafKinds, rooted, rootOf, startOf } from './tree.ts'

const a: Condition = { type: 'tier', in: ['A'] }
const b: Condition = { type: 'silent', minDays: 30 }

it('joins parts in four ways and reads each back', () => {
  for (const join of joins) {
    const made = joined([a, b], join)
    expect(joinOf(made)).toBe(join)
    expect(bare(made).inner).toMatchObject({ of: [a, b] })
  }
})

it('sees a condition that stands alone as a group of one, and an emptied one as everyone', () => {
  expect(rootOf(a)).toEqual({ type: 'all', of: [a] })
  expect(rooted([], 'any')).toEqual(everyone)
  expect(bare({ type: 'not', of: { type: 'not', of: a } })).toEqual({ not: false, inner: a })
})

it('names what is missing, within groups as well', () => {
  expect(gapsOfCondition(everyone)).toEqual([])
  expect(gapsOfCondition({ type: 'all', of: [a, { type: 'any', of: [] }] })).toEqual(['condition'])
  expect(gapsOfCondition({ type: 'not', of: { type: 'any', of: [startOf('tag'), startOf('segment'), a] } })).toEqual([
    'tag',
    'segment',
  ])
  expect(leafKinds.filter((kind) => gapsOfCondition(startOf(kind)).length > 0)).toEqual([
    'level',
    'tag',
    'attribute',
    'group',
    'segment',
  ])
})
