import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import { StageSettings } from '@zhiyin/shared/stage'
import { measures, type TierHow, type TierScheme } from '@zhiyin/shared/tier-scheme'
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
      version: 1,
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

const ago = (days: number): Date => new Date(now.getTime() - days * day)
/** The times of an event as the state keeps them, newest first. */
const timesOf = (daysAgo: readonly number[]): { at: Date[]; ids: number[] } => ({
  at: [...daysAgo].sort((a, b) => a - b).map(ago),
  ids: daysAgo.map((_days, i) => i),
})

const personWith = (orders: readonly (readonly [daysAgo: number, amount: number])[], defined: Definitions): Person => {
  const times = timesOf(orders.map(([days]) => days))
  const state = {
    ...emptyState,
    lastSeenAt: times.at[0] ?? null,
    orders: orders.map(([days, amount], i) => ({
      id: `o${i}`,
      placed: { at: ago(days), amount, categories: [] },
      refunds: [],
    })),
    events: [{ n: 'order.completed', ...times }],
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

/** Where schemes come from: any of the four kinds, each with any figures and any hold. */
const rising = (count: number, max: number) =>
  fc
    .uniqueArray(fc.integer({ min: 1, max }), { minLength: count, maxLength: count })
    .map((list) => list.sort((a, b) => a - b))
const four = (max: number) =>
  rising(4, max).map(([a = 0, b = 0, c = 0, d = 0]): [number, number, number, number] => [a, b, c, d])
const windowDays = fc.integer({ min: 5, max: 200 })
const levels: TierScheme['levels'] = [
  { key: 'top', name: '顶', tier: 'A' },
  { key: 'mid', name: '中', tier: 'B' },
  { key: 'low', name: '底', tier: 'C' },
]
const level = fc.constantFrom(...levels.map(({ key }) => key))
const how = fc.oneof<fc.Arbitrary<TierHow>[]>(
  fc.record({
    type: fc.constant('rfm' as const),
    windowDays,
    mode: fc.constant('fixed' as const),
    recencyDays: four(120),
    frequency: four(6),
    monetary: four(200_000),
    sums: rising(2, 12).map((sums) => sums.map((sum) => sum + 3).reverse()),
  }),
  fc.record({
    type: fc.constant('value' as const),
    windowDays,
    measure: fc.constantFrom(...measures),
    mode: fc.constant('fixed' as const),
    limits: rising(2, 90_000).map((limits) => limits.reverse()),
    shares: fc.constant<number[]>([]),
  }),
  fc.record({
    type: fc.constant('lifecycle' as const),
    levels: fc.record({ potential: level, new: level, active: level, mature: level, silent: level, lost: level }),
  }),
  fc.record({
    type: fc.constant('table' as const),
    rows: fc.array(
      fc.record({
        level,
        condition: fc.oneof<fc.Arbitrary<Condition>[]>(
          fc.integer({ min: 1, max: 90 }).map((minDays) => ({ type: 'silent', minDays })),
          fc.tuple(fc.integer({ min: 1, max: 4 }), windowDays).map(([count, withinDays]) => ({
            type: 'event',
            of: { event: 'order.completed' },
            op: 'gte',
            count,
            withinDays,
          })),
          fc.constant({ type: 'level', schemeId: 'rfm', in: ['a'] }),
        ),
      }),
      { maxLength: 4 },
    ),
    otherwise: level,
  }),
)
const schemes = fc
  .array(fc.record({ how, holdDays: fc.constantFrom(0, 1, 7, 30) }), { minLength: 1, maxLength: 3 })
  .map((list) => list.map((one, i): TierScheme => ({ ...one, id: `s${i}`, name: `s${i}`, levels })))
const withSchemes = (some: readonly TierScheme[]): Definitions => ({
  ...definitions(7),
  schemes: [rfmScheme(), ...some],
})

type Life = {
  readonly daysAgo: number
  readonly amount: number
  readonly refund: { readonly after: number; readonly share: number } | null
}
/** Orders of which some were given back, some time after. */
const lives: fc.Arbitrary<Life[]> = fc.array(
  fc.record({
    daysAgo: fc.integer({ min: 0, max: 300 }),
    amount: fc.integer({ min: 1, max: 90_000 }),
    refund: fc.option(fc.record({ after: fc.integer({ min: 0, max: 100 }), share: fc.constantFrom(0.5, 1) })),
  }),
  { maxLength: 6 },
)
const personOfLife = (life: readonly Life[], defined: Definitions): Person => {
  const state = {
    ...emptyState,
    lastSeenAt: life.length === 0 ? null : ago(Math.min(...life.map(({ daysAgo }) => daysAgo))),
    orders: life.map(({ daysAgo, amount, refund }, i) => ({
      id: `o${i}`,
      placed: { at: ago(daysAgo), amount, categories: [] },
      refunds:
        refund === null
          ? []
          : [{ id: `r${i}`, at: ago(Math.max(0, daysAgo - refund.after)), amount: Math.round(amount * refund.share) }],
    })),
    events: [{ n: 'order.completed', ...timesOf(life.map(({ daysAgo }) => daysAgo)) }],
  }
  return personOf(state, null, defined)
}

describe('random schemes', () => {
  it('put somebody where looking at the last moment alone would, whoever looked when', () => {
    fc.assert(
      fc.property(lives, schemes, fc.array(fc.integer({ min: 0, max: 120 }), { maxLength: 4 }), (life, some, steps) => {
        const defined = withSchemes(some)
        const person = personOfLife(life, defined)
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
  })

  it('let nobody fall within the hold after they rose, and say truly until when a level is held', () => {
    fc.assert(
      fc.property(lives, schemes, (life, some) => {
        const defined = withSchemes(some)
        const person = personOfLife(life, defined)
        const start = ago(301)
        const first = placeAt(person, defined, start, null)
        const { moves } = letTimePass(person, defined, first, start, ago(-60))
        for (const scheme of some) {
          if (scheme.how.type !== 'rfm' && scheme.how.type !== 'value') continue
          const rank = (key: string): number => levels.findIndex((one) => one.key === key)
          const own = moves.flatMap((move) =>
            move.kind === 'level' && move.to.scheme === scheme.id
              ? [{ at: move.at, up: rank(move.to.level) < rank(move.from.level), to: move.to }]
              : [],
          )
          for (const [i, fall] of own.entries()) {
            const rise = own.slice(0, i).findLast(({ up }) => up)
            if (fall.up || rise === undefined) continue
            expect(fall.at.getTime() - rise.at.getTime()).toBeGreaterThanOrEqual(scheme.holdDays * day)
          }
          const held = placeAt(person, defined, now, null).levels.find((one) => one.scheme === scheme.id)
          const until = held?.because.find(({ code }) => code === 'tier.held')?.params['until']
          if (held === undefined || typeof until !== 'number') continue
          const levelAt = (ms: number): string | undefined =>
            placeAt(person, defined, new Date(ms), null).levels.find((one) => one.scheme === scheme.id)?.level
          expect(levelAt(until - 1)).toBe(held.level)
          expect(levelAt(until)).not.toBe(held.level)
        }
      }),
    )
  })
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
