import { describe, expect, it, vi } from 'vitest'
import { inScope, settle, show } from '../testing/within.ts'
import { WecomFailure } from '../wecom/failure.ts'
import type { Place, Wecom } from '../wecom/wecom.ts'
import { useChat } from './useChat.ts'

const single = (externalUserId: string): Place => ({ kind: 'single', externalUserId, talks: true })
const clientAt = (place: () => Promise<Place>): Wecom => ({
  inside: true,
  place,
  sendText: () => Promise.resolve(),
  sendMessage: () => Promise.resolve(),
})

describe('useChat', () => {
  it('finds another customer when the page comes back into view or focus', async () => {
    let at = 'wm1'
    const { value: chat, scope } = inScope(() =>
      useChat(
        clientAt(() => Promise.resolve(single(at))),
        null,
      ),
    )
    await chat.ask()
    expect(chat.state.value).toEqual(single('wm1'))
    at = 'wm2'
    show(true)
    await settle()
    expect(chat.state.value).toEqual(single('wm2'))
    at = 'wm3'
    window.dispatchEvent(new Event('focus'))
    await settle()
    expect(chat.state.value).toEqual(single('wm3'))
    scope.stop()
    at = 'wm4'
    window.dispatchEvent(new Event('focus'))
    await settle()
    expect(chat.state.value).toEqual(single('wm3'))
  })

  it('does not set an equal answer again', async () => {
    const { value: chat, scope } = inScope(() =>
      useChat(
        clientAt(() => Promise.resolve(single('wm1'))),
        null,
      ),
    )
    await chat.ask()
    const before = chat.state.value
    await chat.ask()
    expect(chat.state.value).toBe(before)
    scope.stop()
  })

  it('shows the first failure, keeps what it knows at a later one, and starts anew on retry', async () => {
    const place = vi.fn<() => Promise<Place>>().mockRejectedValue(new WecomFailure('timeout', 'x'))
    const { value: chat, scope } = inScope(() => useChat(clientAt(place), null))
    await chat.ask()
    expect(chat.state.value).toMatchObject({ kind: 'failed', failure: { fault: 'timeout' } })
    place.mockResolvedValue(single('wm1'))
    await chat.retry()
    expect(chat.state.value).toEqual(single('wm1'))
    place.mockRejectedValue(new WecomFailure('timeout', 'x'))
    await chat.ask()
    expect(chat.state.value).toEqual(single('wm1'))
    scope.stop()
  })

  it('ignores an old answer that comes after a newer one', async () => {
    const waiting: ((place: Place) => void)[] = []
    const place = () => new Promise<Place>((resolve) => waiting.push(resolve))
    const { value: chat, scope } = inScope(() => useChat(clientAt(place), null))
    const both = [chat.ask(), chat.ask()]
    waiting[1]?.(single('new'))
    waiting[0]?.(single('old'))
    await Promise.all(both)
    expect(chat.state.value).toEqual(single('new'))
    scope.stop()
  })

  it('stands outside in a plain browser, unless a customer is named', () => {
    const outside: Wecom = { ...clientAt(() => Promise.reject(new Error('asked'))), inside: false }
    expect(inScope(() => useChat(outside, null)).value.state.value).toEqual({ kind: 'outside' })
    const demo = inScope(() => useChat(outside, 'wm9')).value.state.value
    expect(demo).toEqual({ kind: 'single', externalUserId: 'wm9', talks: false })
  })
})
