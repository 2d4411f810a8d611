import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import { applyFacts } from '../state/apply.ts'
import { emptyState } from '../state/state.ts'
import type { TagTerms } from '../types.ts'
import { putTagsOf } from './put-tags.ts'

const day = 86_400_000
const start = Date.UTC(2026, 0, 1)
const base = { customerId: 'cus_1', seenAt: new Date(start) } as const
const terms: TagTerms = {
  exclusive: [
    ['low', 'middle', 'high'],
    ['a', 'b'],
  ],
  expiry: { high: { days: 10 }, a: { at: new Date(start + 20 * day) } },
}

type Said = { n: number; day: number; tag: string; on: boolean; model: boolean }
const factOf = ({ n, day: days, tag, on, model }: Said): Fact => ({
  ...base,
  id: `f${n}`,
  at: new Date(start + days * day),
  source: model ? 'system' : 'rep',
  type: on ? 'tag.added' : 'tag.removed',
  payload: {
    tagId: tag,
    tag,
    because: [
      model ? because('tag.by_model', { model: 'm', confidence: 0.8 }) : because('tag.by_person', { by: 'wang' }),
    ],
  },
})
const said = fc.record({
  n: fc.integer({ min: 0, max: 1000 }),
  day: fc.integer({ min: 0, max: 40 }),
  tag: fc.constantFrom('low', 'middle', 'high', 'a', 'b', 'free'),
  on: fc.boolean(),
  model: fc.boolean(),
})
const list = fc.uniqueArray(said, { selector: ({ n }) => n, maxLength: 14 })
const stateOf = (facts: readonly Fact[]) => applyFacts(emptyState, facts, [])
const on = (facts: readonly Fact[], days: number): string[] =>
  putTagsOf(stateOf(facts), terms)
    .at(new Date(start + days * day))
    .map(({ id }) => id)

describe('tags that somebody put on', () => {
  it('are one of an exclusive group at most, whatever the order and repetition', () => {
    fc.assert(
      fc.property(list, fc.func(fc.integer()), fc.integer({ min: 0, max: 60 }), (words, shuffle, days) => {
        const facts = words.map(factOf)
        const shuffled = [...facts, ...facts].toSorted((a, b) => shuffle(a.id) - shuffle(b.id))
        const oneByOne = shuffled.reduce((state, one) => applyFacts(state, [one], []), emptyState)
        expect(oneByOne).toEqual(stateOf(facts))
        const ids = on(facts, days)
        for (const group of terms.exclusive) expect(group.filter((id) => ids.includes(id)).length).toBeLessThan(2)
      }),
    )
  })

  it('a person’s last word in a group stands, without models', () => {
    fc.assert(
      fc.property(fc.uniqueArray(said, { selector: ({ day: at }) => at, maxLength: 12 }), (words) => {
        const mine = words
          .filter(({ model, tag }) => !model && ['low', 'middle'].includes(tag))
          .map((one) => ({ ...one, tag: one.tag }))
          .toSorted((a, b) => a.day - b.day)
        let held: string | null = null
        for (const { tag, on: isOn } of mine) held = isOn ? tag : held === tag ? null : held
        expect(on(mine.map(factOf), 60)).toEqual(held === null ? [] : [held])
      }),
    )
  })

  const put = (n: number, days: number, tag: string, over: Partial<Said> = {}): Fact =>
    factOf({ n, day: days, tag, on: true, model: false, ...over })

  it('expire to the moment, after days or on a day; what is put on later than that day stays', () => {
    const facts = [put(1, 1, 'high'), put(2, 2, 'a')]
    expect(on(facts, 10)).toEqual(['a', 'high'])
    expect(on(facts, 11)).toEqual(['a'])
    expect(on(facts, 20)).toEqual([])
    expect(putTagsOf(stateOf(facts), terms).expiries.map((at) => (at.getTime() - start) / day)).toEqual([20, 11])
    expect(on([put(3, 25, 'a')], 60)).toEqual(['a'])
    expect(
      putTagsOf(stateOf(facts), terms)
        .endedAt(new Date(start + 30 * day))
        .map(({ why }) => why.code),
    ).toEqual(['tag.expired', 'tag.expired'])
  })

  it('a tag taken off by another one does not come back when that goes', () => {
    const facts = [put(1, 1, 'low'), put(2, 2, 'high'), put(3, 5, 'high', { on: false })]
    expect(on(facts, 3)).toEqual([])
    expect(on(facts.slice(0, 2), 3)).toEqual(['high'])
    const [ended] = putTagsOf(stateOf(facts), terms).endedAt(new Date(start + 6 * day))
    expect(ended).toMatchObject({ id: 'low', why: because('tag.exclusive', { tag: 'high' }) })
  })

  it('what a model finds never overrules a person', () => {
    const model = { model: true }
    expect(on([put(1, 1, 'free', { on: false }), put(2, 9, 'free', model)], 10)).toEqual([])
    expect(on([put(1, 1, 'low'), put(2, 9, 'middle', model)], 10)).toEqual(['low'])
    expect(on([put(1, 1, 'low', model), put(2, 9, 'middle', model)], 10)).toEqual(['middle'])
    expect(on([put(1, 1, 'low'), put(2, 2, 'low', { on: false }), put(3, 9, 'middle', model)], 10)).toEqual(['middle'])
  })
})
