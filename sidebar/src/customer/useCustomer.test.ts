import { shallowRef } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { buildItem, buildProfile, noon } from '../testing/build.ts'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { inScope, settle, show } from '../testing/within.ts'
import { useCustomer, type CustomerRef } from './useCustomer.ts'

const byExternal = 'GET /api/customers/external/wm1'
const get = 'GET /api/customers/c1'
const timeline = 'GET /api/customers/c1/timeline'
const refuse = (status: number, code: string) => () => {
  throw new Refusal(status, code)
}
const page = (...ids: string[]) => ({ items: ids.map((id) => buildItem(id)), next: null })

const setUp = (routes: Parameters<typeof fakeServer>[0] = {}) => {
  const server = fakeServer({
    [byExternal]: () => buildProfile(),
    [get]: () => buildProfile(),
    [timeline]: () => page('f2', 'f1'),
    ...routes,
  })
  const who = shallowRef<CustomerRef | null>({ by: 'external', id: 'wm1' })
  const paused = shallowRef(false)
  const { value: view, scope } = inScope(() => useCustomer({ call: server.call, who, paused, now: () => noon }))
  return { server, who, paused, view, scope }
}

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  show(true)
  vi.useRealTimers()
})

describe('useCustomer', () => {
  it('finds the customer of the chat, then refreshes every 4 s without setting equal data again', async () => {
    const { server, view, scope } = setUp()
    expect(view.state.value.kind).toBe('loading')
    await settle()
    const [profile, items] = [view.profile.value, view.timeline.value]
    expect(profile?.name).toBe('林晓雯')
    await vi.advanceTimersByTimeAsync(8_100)
    expect(server.count(get)).toBe(2)
    expect(server.count(byExternal)).toBe(1)
    expect(view.profile.value).toBe(profile)
    expect(view.timeline.value).toBe(items)
    server.on(get, () => buildProfile({ name: '林晓雯 VIP' }))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(view.profile.value?.name).toBe('林晓雯 VIP')
    scope.stop()
  })

  it('asks nothing while hidden or paused', async () => {
    const { server, paused, scope } = setUp()
    await settle()
    show(false)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(server.count(get)).toBe(0)
    paused.value = true
    show(true)
    await vi.advanceTimersByTimeAsync(20_000)
    expect(server.count(get)).toBe(0)
    paused.value = false
    await vi.advanceTimersByTimeAsync(4_000)
    expect(server.count(get)).toBe(1)
    scope.stop()
  })

  it('waits for a customer who is not known yet, and says when it takes long', async () => {
    const { server, view, scope } = setUp({ [byExternal]: refuse(404, 'not_found') })
    await settle()
    expect(view.state.value).toEqual({ kind: 'unknown', long: false })
    await vi.advanceTimersByTimeAsync(32_000)
    expect(view.state.value).toEqual({ kind: 'unknown', long: true })
    server.on(byExternal, () => buildProfile())
    await vi.advanceTimersByTimeAsync(2_000)
    expect(view.state.value.kind).toBe('ready')
    scope.stop()
  })

  it('stops at a customer who is not the rep’s', async () => {
    const { server, view, scope } = setUp({ [byExternal]: refuse(403, 'policy.not_your_customer') })
    await settle()
    expect(view.state.value).toEqual({ kind: 'foreign', message: '你没有跟进这位客户' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(server.count(byExternal)).toBe(1)
    scope.stop()
  })

  it('shows a failed start, and recovers by itself', async () => {
    const { server, view, scope } = setUp({ [byExternal]: refuse(503, 'storage.unavailable') })
    await settle()
    expect(view.state.value.kind).toBe('failed')
    server.on(byExternal, () => buildProfile())
    await vi.advanceTimersByTimeAsync(4_000)
    expect(view.state.value.kind).toBe('ready')
    scope.stop()
  })

  it('keeps what it shows when a refresh fails, and calls it stale from the second time on', async () => {
    const { server, view, scope } = setUp()
    await settle()
    server.on(get, refuse(503, 'storage.unavailable'))
    await vi.advanceTimersByTimeAsync(4_000)
    expect(view.staleSince.value).toBeNull()
    await vi.advanceTimersByTimeAsync(8_000)
    expect(view.staleSince.value).toBe(noon)
    expect(view.state.value.kind).toBe('ready')
    server.on(get, () => buildProfile())
    await view.refresh()
    expect(view.staleSince.value).toBeNull()
    scope.stop()
  })

  it('does not let an answer from before an act undo the act', async () => {
    const { server, view, scope } = setUp()
    await settle()
    let answer = (): void => undefined
    server.on(get, () => new Promise((resolve) => (answer = () => resolve(buildProfile()))))
    const refreshing = view.refresh()
    await settle()
    view.accept(buildProfile({ tags: [] }))
    answer()
    await refreshing
    expect(view.profile.value?.tags).toEqual([])
    scope.stop()
  })

  it('drops an answer about the customer of the chat before', async () => {
    const { server, who, view, scope } = setUp({
      'GET /api/customers/c2': () => buildProfile({ id: 'c2', name: '陈立' }),
    })
    server.on('GET /api/customers/c2/timeline', () => page())
    who.value = { by: 'id', id: 'c2' }
    await settle()
    expect(view.profile.value?.name).toBe('陈立')
    expect(view.timeline.value.items).toEqual([])
    scope.stop()
  })

  it('pages back and keeps the older pages while the first one is refreshed', async () => {
    const { server, view, scope } = setUp({
      [timeline]: ({ query }) =>
        query.get('after') === 'n1'
          ? { items: [buildItem('f0')], next: null }
          : { items: [buildItem('f2'), buildItem('f1')], next: 'n1' },
    })
    await settle()
    await view.more()
    expect(view.timeline.value.items.map(({ id }) => id)).toEqual(['f2', 'f1', 'f0'])
    server.on(timeline, () => ({ items: [buildItem('f3'), buildItem('f2')], next: 'n2' }))
    await view.refresh()
    expect(view.timeline.value.items.map(({ id }) => id)).toEqual(['f3', 'f2', 'f1', 'f0'])
    expect(view.timeline.value.next).toBeNull()
    scope.stop()
  })
})
