import { describe, expect, it } from 'vitest'
import { Attribute } from '@zhiyin/shared/attribute'
import { attributeInput, computationOf, computationTypes, emptyAttribute, gapOf, keyOf, typeOf } from './draft.ts'

describe('an attribute being written', () => {
  it('is whole for every kind of computation once it has a name and a key, and the server’s schema takes it', () => {
    let computation = emptyAttribute().computation
    for (const type of computationTypes) {
      computation = computationOf(type, computation)
      const draft = { ...emptyAttribute(), key: 'a', name: '甲', computed: true, computation }
      expect(gapOf(draft)).toBeNull()
      expect(Attribute.parse(attributeInput({ ...draft, type: typeOf(computation) ?? 'text' }))).toMatchObject({
        computation,
      })
    }
  })

  it('says what is missing', () => {
    const draft = { ...emptyAttribute(), name: '肤质', key: 'skin' }
    expect(gapOf({ ...draft, name: ' ' })).toBe('name')
    expect(gapOf({ ...draft, key: 'Skin' })).toBe('key')
    expect(gapOf({ ...draft, type: 'choice' })).toBe('choices')
    const where = [{ property: 'category', is: [] }]
    const of = { event: 'order.completed' as const, where }
    expect(gapOf({ ...draft, computed: true, computation: { type: 'count', of, windowDays: 30 } })).toBe('where')
  })

  it('finds a key in an English name', () => {
    expect(keyOf('Skin type (self-told)')).toBe('skin_type_self_told')
    expect(keyOf('30 day orders')).toBe('day_orders')
    expect(keyOf('肤质')).toBe('')
  })
})
