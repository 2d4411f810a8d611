import { describe, expect, it } from 'vitest'
import { Attribute } from '@zhiyin/shared/attribute'
import {
  attributeInput,
  computationOf,
  computationTypes,
  emptyAttribute,
  fitted,
  gapOf,
  keyOf,
  typeOf,
} from './draft.ts'

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
    expect(gapOf({ ...draft, key: 'skin.type' })).toBe('key')
    expect(gapOf({ ...draft, key: '肤质' })).toBeNull()
    expect(gapOf({ ...draft, type: 'choice' })).toBe('choices')
    const where = [{ property: 'category', is: [] }]
    const of = { event: 'order.completed' as const, where }
    expect(gapOf({ ...draft, computed: true, computation: { type: 'count', of, windowDays: 30 } })).toBe('where')
  })

  it('asks of orders what is known of orders', () => {
    const of = { event: 'order.completed' as const, where: [] }
    expect(fitted({ type: 'sum', of, property: 'score', windowDays: 30 })).toMatchObject({ property: 'amount' })
    expect(fitted({ type: 'top', of, property: 'topic', most: 3, windowDays: 30 })).toMatchObject({
      property: 'category',
    })
    expect(fitted({ type: 'last', of, property: null })).toMatchObject({ property: null })
    expect(fitted({ type: 'sum', of, property: 'quantity', windowDays: 30 })).toMatchObject({ property: 'quantity' })
  })

  it('finds a key in a name', () => {
    expect(keyOf('Skin type (self-told)')).toBe('skin_type_self_told')
    expect(keyOf('30 day orders')).toBe('30_day_orders')
    expect(keyOf('肤质（自述）')).toBe('肤质_自述')
    expect(keyOf('…')).toBe('')
  })
})
