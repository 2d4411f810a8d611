import { nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import { buildSuggestion } from '../testing/build.ts'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { inScope, settle } from '../testing/within.ts'
import { useSuggestion } from './useSuggestion.ts'

const route = 'GET /api/customers/c1/suggestions'
const setUp = () => {
  const server = fakeServer({ [route]: () => ({ items: [buildSuggestion('一'), buildSuggestion('二')] }) })
  const customerId = shallowRef<string | null>('c1')
  const version = shallowRef('1')
  const made = inScope(() => useSuggestion({ call: server.call, customerId, version }))
  return { server, customerId, version, view: made.value, scope: made.scope }
}

describe('useSuggestion', () => {
  it('offers the first and goes round', async () => {
    const { view, scope } = setUp()
    expect(view.items.value).toBeNull()
    await settle()
    expect(view.text.value).toBe('晓雯姐，一')
    view.next()
    expect(view.text.value).toBe('晓雯姐，二')
    view.next()
    expect(view.text.value).toBe('晓雯姐，一')
    scope.stop()
  })

  it('keeps the one looked at while it is still offered', async () => {
    const { server, version, view, scope } = setUp()
    await settle()
    view.next()
    server.on(route, () => ({ items: [buildSuggestion('新'), buildSuggestion('一'), buildSuggestion('二')] }))
    version.value = '2'
    await nextTick()
    await settle()
    expect(view.text.value).toBe('晓雯姐，二')
    expect(view.items.value).toHaveLength(3)
    scope.stop()
  })

  it('leaves a draft alone, and drops it with the customer', async () => {
    const { server, customerId, version, view, scope } = setUp()
    await settle()
    view.draft.value = '我自己写的'
    server.on(route, () => ({ items: [] }))
    version.value = '2'
    await nextTick()
    await settle()
    expect(view.text.value).toBe('我自己写的')
    customerId.value = 'c2'
    expect(view.text.value).toBe('')
    scope.stop()
  })

  it('shows a failure only where nothing is shown yet', async () => {
    const { server, version, view, scope } = setUp()
    await settle()
    server.on(route, () => {
      throw new Refusal(503, 'storage.unavailable')
    })
    version.value = '2'
    await nextTick()
    await settle()
    expect(view.error.value).toBeNull()
    expect(view.text.value).toBe('晓雯姐，一')
    scope.stop()
  })
})
