import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quotas, shareOut } from './share.ts'

const takeovers = fc.uniqueArray(
  fc.record({ userid: fc.string({ minLength: 1 }), share: fc.integer({ min: 1, max: 9 }) }),
  {
    selector: ({ userid }) => userid,
    minLength: 1,
    maxLength: 8,
  },
)

describe('sharing out', () => {
  it('gives away everything, each within one of its exact part', () => {
    fc.assert(
      fc.property(fc.nat(700), takeovers, (count, list) => {
        const counts = quotas(count, list)
        const sum = list.reduce((total, { share }) => total + share, 0)
        expect([...counts.values()].reduce((total, n) => total + n, 0)).toBe(count)
        for (const { userid, share } of list)
          expect(Math.abs((counts.get(userid) ?? 0) - (count * share) / sum)).toBeLessThan(1)
      }),
    )
  })

  it('leaves customers with whom they know already, within the quota', () => {
    const list = [
      { userid: 'a', share: 1 },
      { userid: 'b', share: 1 },
    ]
    const shared = shareOut(['1', '2', '3', '4'], list, (one) => (one === '4' ? ['a'] : one === '1' ? ['nobody'] : []))
    expect(shared).toEqual([
      { thing: '1', to: 'a' },
      { thing: '2', to: 'b' },
      { thing: '3', to: 'b' },
      { thing: '4', to: 'a' },
    ])
    expect(
      shareOut(['1', '2', '3'], list, () => ['a'])
        .map(({ to }) => to)
        .toSorted(),
    ).toEqual(['a', 'a', 'b'])
  })
})
