import { shallowRef } from 'vue'
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import { ago, buildItem, day, hour, noon } from '../testing/build.ts'
import { inScope, memoryStore, show } from '../testing/within.ts'
import { useLastLook } from './useLastLook.ts'

const setUp = (store = memoryStore()) => {
  const customerId = shallowRef<string | null>('c1')
  const items = shallowRef([
    buildItem('new', { at: ago(hour) }),
    buildItem('mine', { at: ago(hour), type: 'note.written' }),
    buildItem('old', { at: ago(9 * day) }),
  ])
  const made = inScope(() => useLastLook({ customerId, items, now: () => noon, store }))
  return { customerId, items, store, look: made.value, scope: made.scope }
}

it('has no news at the first look', () => {
  const { look, scope } = setUp()
  expect(look.at.value).toBeNull()
  expect(look.news.value).toEqual([])
  scope.stop()
})

it('lists what came since, without the rep’s own acts, also while looking', () => {
  const { look, items, scope } = setUp(memoryStore({ 'seen.c1': String(noon - 2 * day) }))
  expect(look.news.value.map(({ id }) => id)).toEqual(['new'])
  items.value = [buildItem('newer', { at: ago(0) }), ...items.value]
  expect(look.news.value).toHaveLength(2)
  scope.stop()
})

it('ends the look when the page is hidden, shows someone else or goes away', async () => {
  const { customerId, store, scope } = setUp()
  expect(store.get('seen.c1')).toBeNull()
  show(false)
  expect(store.get('seen.c1')).toBe(String(noon))
  show(true)
  customerId.value = 'c2'
  await nextTick()
  expect(store.get('seen.c2')).toBeNull()
  scope.stop()
  expect(store.get('seen.c2')).toBe(String(noon))
})
