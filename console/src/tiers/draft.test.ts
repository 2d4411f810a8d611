import { describe, expect, it } from 'vitest'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { isWhole, withLevel, withoutLevel } from './draft.ts'

const levels: SchemeInput['levels'] = [
  { key: 'a', name: '好', tier: 'A' },
  { key: 'b', name: '中', tier: 'B' },
  { key: 'c', name: '差', tier: 'C' },
]
const value: SchemeInput = {
  name: '价值',
  levels,
  how: { type: 'value', windowDays: 90, measure: 'spend', mode: 'quantile', limits: [300, 100], shares: [0.1, 0.4] },
  holdDays: 7,
}
const table: SchemeInput = {
  ...value,
  how: {
    type: 'table',
    rows: [
      { level: 'a', condition: { type: 'orders', op: 'gte', value: 9 } },
      { level: 'b', condition: { type: 'orders', op: 'gte', value: 2 } },
    ],
    otherwise: 'c',
  },
}

describe('levels come and go with their limits', () => {
  it('a new one is the last', () => {
    const { levels: all, how } = withLevel(value, '新')
    expect(all.at(-1)).toEqual({ key: 'level_4', name: '新', tier: 'C' })
    expect(how).toMatchObject({ limits: [300, 100, 50], shares: [0.1, 0.4, 0.7] })
  })
  it.each([
    [0, [100], [0.4]],
    [1, [100], [0.4]],
    [2, [300], [0.1]],
  ])('without level %i', (index, limits, shares) => {
    expect(withoutLevel(value, index).how).toMatchObject({ limits, shares })
  })
  it('what led to a level leads to its neighbour', () => {
    expect(withoutLevel(table, 2).how).toMatchObject({ otherwise: 'b' })
    expect(withoutLevel(table, 0).how).toMatchObject({ rows: [{ level: 'b' }, { level: 'b' }] })
  })
  it('two are the fewest', () => {
    const two = withoutLevel(value, 0)
    expect(withoutLevel(two, 0)).toBe(two)
  })
})

it('is whole with a name and with conditions that ask for something', () => {
  expect(isWhole(value)).toBe(true)
  expect(isWhole({ ...value, name: ' ' })).toBe(false)
  const open = { type: 'tag' as const, tagId: '', tag: '' }
  expect(isWhole({ ...table, how: { type: 'table', rows: [{ level: 'a', condition: open }], otherwise: 'c' } })).toBe(
    false,
  )
})
