import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StageSettings } from '@zhiyin/shared/stage'
import { rfmScheme } from './default-scheme.ts'
import { personOf, type Person } from './place/person.ts'
import { placeAt } from './place/place-at.ts'
import { emptyState } from './state/state.ts'
import type { Definitions } from './types.ts'
import { letTimePass } from './work-out.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
const definitions = (holdDays: number): Definitions => ({
  version: 'v1',
  stages: StageSettings.parse({}),
  schemes: [
    { ...rfmScheme(), holdDays },
    {
      id: 'value',
      name: '价值',
      levels: [
        { key: 'vip', name: 'VIP', tier: 'A' },
        { key: 'plain', name: '普通', tier: 'C' },
      ],
      how: { type: 'value', windowDays: 90, measure: 'spend', mode: 'fixed', limits: [50_000], shares: [] },
      holdDays,
    },
    {
      id: 'care',
      name: '关怀',
      levels: [
        { key: 'must', name: '重点', tier: 'A' },
        { key: 'may', name: '一般', tier: 'C' },
      ],
      how: {
        type: 'table',
        rows: [{ level: 'must', condition: { type: 'segment', segmentId: 'slept', segment: '睡着' } }],
        otherwise: 'may',
      },
      holdDays: 0,
    },
  ],
  attributes: [],
  tags: { exclusive: [], expiry: {} },
  tagRules: [
    {
      id: 'r1',
      name: '常客规则',
      tagId: 't1',
      tag: '常客',
      condition: { type: 'event', of: { event: 'order.completed' }, op: 'gte', count: 2, withinDays: 60 },
    },
  ],
  segments: [
    { id: 'tagged', name: '常客', condition: { type: 'tag', tagId: 't1', tag: '常客' } },
    {
      id: 'slept',
      name: '睡着',
      condition: {
        type: 'all',
        of: [
          { type: 'silent', minDays: 40 },
          { type: 'not', of: { type: 'segment', segmentId: 'tagged', segment: '' } },
        ],
      },
    },
  ],
})

const personWith = (orders: readonly (readonly [daysAgo: number, amount: number])[], defined: Definitions): Person => {
  const times = orders.map(([days]) => new Date(now.getTime() - days * day)).sort((a, b) => b.getTime() - a.getTime())
  const state = {
    ...emptyState,
    lastSeenAt: times[0] ?? null,
    orders: orders.map(([days, amount], i) => ({
      id: `o${i}`,
      placed: { at: new Date(now.getTime() - days * day), amount, categories: [] },
      refunds: [],
    })),
    events: [{ n: 'order.completed', at: times, ids: times.map((_at, i) => i) }],
  }
  return personOf(state, null, defined)
}

const orders = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 90_000 })), {
  maxLength: 6,
})
const bare = (place: ReturnType<typeof placeAt>) => ({
  stage: place.stage.stage,
  levels: place.levels.map(({ scheme, level, rfm }) => [scheme, level, rfm]),
  tags: place.ruleTags.map(({ id }) => id),
  segments: place.segments.map(({ id }) => id),
})

describe('letTimePass', () => {
  it.each([0, 14])(
    'ends where looking at the last moment alone would end, whatever the steps between; hold %i',
    (hold) => {
      const defined = definitions(hold)
      fc.assert(
        fc.property(orders, fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 5 }), (list, steps) => {
          const person = personWith(list, defined)
          let place = placeAt(person, defined, now, null)
          let at = now
          for (const step of steps) {
            const to = new Date(at.getTime() + step * day)
            place = letTimePass(person, defined, place, at, to).place
            at = to
          }
          expect(bare(place)).toEqual(bare(placeAt(person, defined, at, null)))
        }),
      )
    },
  )

  it('nobody falls within the hold after they rose, and nobody flaps', () => {
    const defined = definitions(14)
    fc.assert(
      fc.property(orders, (list) => {
        const person = personWith(list, defined)
        const start = new Date(now.getTime() - 301 * day)
        const { moves } = letTimePass(
          person,
          defined,
          placeAt(person, defined, start, null),
          start,
          new Date(now.getTime() + 400 * day),
        )
        const ranks = moves.flatMap((move) => {
          if (move.kind !== 'level' || move.to.scheme === 'care') return []
          const levels = defined.schemes.find(({ id }) => id === move.to.scheme)?.levels.map(({ key }) => key) ?? []
          return [
            {
              scheme: move.to.scheme,
              at: move.at,
              up: levels.indexOf(move.to.level) < levels.indexOf(move.from.level),
            },
          ]
        })
        for (const fall of ranks.filter(({ up }) => !up)) {
          const rise = ranks.findLast(({ scheme, at, up }) => up && scheme === fall.scheme && at <= fall.at)
          if (rise !== undefined) expect(fall.at.getTime() - rise.at.getTime()).toBeGreaterThanOrEqual(14 * day)
        }
      }),
    )
  })
})
