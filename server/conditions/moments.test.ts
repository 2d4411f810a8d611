import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { condition, leaves } from '../../test/support/random-conditions.ts'
import { lifeOf, worldDefinitions } from '../../test/support/random-lives.ts'
import { personOf } from '../profile/place/person.ts'
import { placeAt } from '../profile/place/place-at.ts'
import { storedPlace } from '../profile/place/stored.ts'
import { applyFacts } from '../profile/state/apply.ts'
import { emptyState } from '../profile/state/state.ts'
import { evaluate } from './evaluate.ts'
import { momentsOf } from './moments.ts'
import type { Subject } from './types.ts'

const day = 86_400_000
const now = new Date('2026-06-01T00:00:00Z')

const subjectOf = (facts: readonly NewFact[]): Subject => {
  const state = applyFacts(
    emptyState,
    facts.map((fact) => ({ ...fact, seenAt: now })),
    worldDefinitions.attributes,
  )
  const definitions = { ...worldDefinitions, version: 'v1' }
  const person = personOf(state, null, definitions)
  const { orders, purchases, lastSeenAt, lastOrderAt, medianGapDays } = person.signals
  const place = storedPlace(placeAt(person, definitions, now, null), person, now)
  const attrs = [...person.attributes.at(now)]
  return {
    ...place,
    attrs,
    orders: orders.length,
    purchases,
    lastSeenAt,
    lastOrderAt,
    medianGapDays,
    events: state.events,
  }
}

describe('momentsOf', () => {
  /** Whole days later, and a little before and after: there the limits of whole days fall. */
  const later = fc
    .tuple(fc.integer({ min: 0, max: 150 }), fc.constantFrom(-1, 0, 1, 3_600_000))
    .map(([days, off]) => new Date(now.getTime() + days * day + off))
  const timed = fc.oneof(...['silent', 'rhythm', 'attribute', 'event'].map((kind) => leaves[kind] ?? condition))

  it('holds every moment at which time alone changes the verdict', () => {
    let changes = 0
    fc.assert(
      fc.property(
        lifeOf('c', now),
        fc.oneof(timed, leaves['sequence'] ?? condition, condition),
        fc.array(later, { minLength: 30, maxLength: 30 }),
        (facts, asked, times) => {
          const subject = subjectOf(facts)
          const moments = momentsOf(asked, subject, now).sort((a, b) => a.getTime() - b.getTime())
          for (const at of times.filter((time) => time >= now)) {
            const last = moments.findLast((moment) => moment <= at) ?? now
            const verdict = evaluate(asked, subject, at).met
            expect(verdict).toBe(evaluate(asked, subject, last).met)
            if (verdict !== evaluate(asked, subject, now).met) changes += 1
          }
        },
      ),
      { numRuns: 200 },
    )
    expect(changes).toBeGreaterThan(20)
  })
})
