import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { computedAttributes } from '../../../test/support/computed-attributes.ts'
import { condition } from '../../../test/support/random-conditions.ts'
import { lifeOf, worldDefinitions } from '../../../test/support/random-lives.ts'
import { applyFacts } from '../state/apply.ts'
import { emptyState } from '../state/state.ts'
import type { Definitions } from '../types.ts'
import { personOf } from './person.ts'
import { differs, movesBetween, type Place, type Standing } from './place.ts'
import { placeAt } from './place-at.ts'
import { standingAt } from './stand.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')

/** The world's definitions, with a rule, a segment and a row of a scheme that ask for anything. */
const definitions = fc.tuple(condition, condition, condition).map(([ruled, joined, row]): Definitions => ({
  ...worldDefinitions,
  version: 'v1',
  attributes: [...worldDefinitions.attributes, ...computedAttributes],
  schemes: [
    ...worldDefinitions.schemes,
    {
      id: 'asked',
      name: '问',
      levels: [
        { key: 'yes', name: '是', tier: 'A' },
        { key: 'no', name: '否', tier: 'C' },
      ],
      how: { type: 'table', rows: [{ level: 'yes', condition: row }], otherwise: 'no' },
      holdDays: 0,
    },
  ],
  tags: { exclusive: [['t1', 't2', 't_asked']], expiry: { t1: { days: 12 } } },
  tagRules: [
    ...worldDefinitions.tagRules,
    { version: 1, id: 'asked', name: '问', tagId: 't_asked', tag: '问', condition: ruled },
    { version: 1, id: 'same', name: '同', tagId: 't_rule', tag: '常客', condition: joined },
  ],
  segments: [...worldDefinitions.segments, { id: 'asked', name: '问', condition: joined }],
}))
const ids = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id)
const bare = ({ stage, levels, tags, endedTags, ruleTags, segments }: Standing) => ({
  stage: stage.stage,
  levels: levels.map(({ scheme, level, rfm }) => [scheme, level, rfm?.scores ?? null]),
  tags: ids(tags),
  endedTags: ids(endedTags),
  ruleTags: ids(ruleTags),
  segments: ids(segments),
})
const scores = ({ levels }: Place) => levels.map(({ rfm }) => rfm?.scores ?? null)

it('is the place without why, and differs from the place before by a move or by scores, whoever looks when', () => {
  const moment = fc
    .tuple(fc.integer({ min: -90, max: 120 }), fc.constantFrom(-1, 0, 1))
    .map(([days, off]) => new Date(now.getTime() + days * day + off))
  let different = 0
  fc.assert(
    fc.property(lifeOf('cus_1', now), definitions, moment, moment, (facts, defined, one, other) => {
      const seen = facts.map((fact) => ({ ...fact, seenAt: now }))
      const person = personOf(applyFacts(emptyState, seen, defined.attributes), null, defined)
      const before = placeAt(person, defined, one, null)
      const place = placeAt(person, defined, other, before)
      const standing = standingAt(person, defined, other)
      expect(bare(standing)).toEqual(bare(place))
      const isOther =
        movesBetween(before, place, other).length > 0 ||
        JSON.stringify(scores(before)) !== JSON.stringify(scores(place))
      expect(differs(before, standing)).toBe(isOther)
      if (isOther) different += 1
    }),
    { numRuns: 300 },
  )
  expect(different).toBeGreaterThan(50)
})
