import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { computedAttributes } from '../../../test/support/computed-attributes.ts'
import { lifeOf, worldDefinitions } from '../../../test/support/random-lives.ts'
import { applyFacts } from '../state/apply.ts'
import { emptyState } from '../state/state.ts'
import type { Definitions } from '../types.ts'
import { letTimePass } from '../work-out.ts'
import { personOf } from './person.ts'
import { placeAt } from './place-at.ts'
import { storedAttrs, storedPlace } from './stored.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')
/** What depends on time alone: windows of computed attributes, a tag rule and a segment that ask for one, tags that expire. */
const definitions: Definitions = {
  ...worldDefinitions,
  version: 'v1',
  attributes: computedAttributes,
  tags: { exclusive: [['t1', 't2']], expiry: { t1: { days: 12 }, t3: { at: new Date(now.getTime() + 9 * day) } } },
  tagRules: [
    {
      id: 'busy',
      name: '近 30 天有单',
      version: 1,
      tagId: 't_busy',
      tag: '近期下单',
      condition: { type: 'attribute', key: 'orders_30d', test: { op: 'at_least', value: 1 } },
    },
  ],
  segments: [
    {
      id: 'spent',
      name: '花过',
      condition: { type: 'attribute', key: 'spend_30d', test: { op: 'at_least', value: 9_900 } },
    },
    { id: 'tagged', name: '有标签', condition: { type: 'tag', tagId: 't1', tag: 't1' } },
  ],
}
const personWith = (facts: readonly NewFact[]) =>
  personOf(
    applyFacts(
      emptyState,
      facts.map((fact) => ({ ...fact, seenAt: now })),
      definitions.attributes,
    ),
    null,
    definitions,
  )
const kept = (person: ReturnType<typeof personWith>, place: ReturnType<typeof placeAt>, at: Date) => {
  const { stage, levels, segments, tagIds } = storedPlace(place, person, at)
  return {
    stage: stage.stage,
    levels: levels.map(({ scheme, level }) => [scheme, level]),
    segments: segments.map(({ id }) => id),
    tagIds,
    attrs: storedAttrs(person, at),
  }
}

it('ends where looking at the last moment alone would end, and nothing that is kept changes before the next moment told', () => {
  const steps = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(lifeOf('cus_1', now), steps, fc.double({ min: 0, max: 0.999, noNaN: true }), (facts, days, share) => {
      const person = personWith(facts)
      let [place, at] = [placeAt(person, definitions, now, null), now]
      for (const step of days) {
        const to = new Date(at.getTime() + step * day)
        const passed = letTimePass(person, definitions, place, at, to)
        place = passed.place
        at = to
        expect(kept(person, place, at)).toEqual(kept(person, placeAt(person, definitions, at, null), at))
        const { nextAt } = passed
        const end = nextAt?.getTime() ?? at.getTime() + 400 * day
        const between = new Date(at.getTime() + Math.floor((end - at.getTime()) * share))
        const then = placeAt(person, definitions, between, place)
        expect(kept(person, then, between)).toEqual(kept(person, place, at))
      }
    }),
    { numRuns: 200 },
  )
})
