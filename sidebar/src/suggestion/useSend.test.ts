import { describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { fakeServer, Refusal } from '../testing/fakeServer.ts'
import { settle } from '../testing/within.ts'
import { WecomFailure } from '../wecom/failure.ts'
import { useSend } from './useSend.ts'

const route = 'POST /api/customers/c1/said'
const saying = { customerId: 'c1', text: '你好', contentId: 'p1' }
const keyOf = (body: unknown): string => z.object({ key: z.string() }).parse(body).key

const setUp = (sendText: (text: string, late?: () => void) => Promise<void> = () => Promise.resolve(), here = true) => {
  const server = fakeServer({ [route]: () => ({ ok: true }) })
  const onRecorded = vi.fn()
  const sending = useSend({
    call: server.call,
    wecom: { sendText, sendMessage: () => Promise.reject(new Error('texts only')) },
    stillHere: () => Promise.resolve(here),
    onRecorded,
    wait: () => Promise.resolve(),
  })
  return { server, onRecorded, ...sending }
}

describe('useSend', () => {
  it('records what was handed to the chat, once', async () => {
    const { server, onRecorded, send, state } = setUp()
    await send(saying)
    expect(state.value).toEqual({ kind: 'sent', text: '你好', recorded: true })
    expect(server.asked).toHaveLength(1)
    expect(server.asked[0]?.body).toMatchObject({ text: '你好', contentId: 'p1' })
    expect(keyOf(server.asked[0]?.body)).toMatch(/^[0-9a-f]{32}$/)
    expect(onRecorded).toHaveBeenCalledOnce()
  })

  it('records nothing when the rep cancels', async () => {
    const { server, send, state } = setUp(() => Promise.reject(new WecomFailure('cancel', 'x')))
    await send(saying)
    expect(state.value).toEqual({ kind: 'idle' })
    expect(server.asked).toEqual([])
  })

  it('says why it failed', async () => {
    const { server, send, state } = setUp(() => Promise.reject(new WecomFailure('permission', 'told')))
    await send(saying)
    expect(state.value).toEqual({ kind: 'failed', fault: 'permission', told: 'told' })
    expect(server.asked).toEqual([])
  })

  it('sends nothing when the chat is another customer’s by now', async () => {
    const sendText = vi.fn(() => Promise.resolve())
    const { send, state } = setUp(sendText, false)
    await send(saying)
    expect(state.value).toEqual({ kind: 'moved' })
    expect(sendText).not.toHaveBeenCalled()
  })

  it('records a success that came after the wait was over', async () => {
    let late = (): void => undefined
    const { server, send, state } = setUp((_text, onLate) => {
      late = () => onLate?.()
      return Promise.reject(new WecomFailure('timeout', 'x'))
    })
    await send(saying)
    expect(state.value).toMatchObject({ kind: 'failed', fault: 'timeout' })
    late()
    await settle()
    expect(state.value).toMatchObject({ kind: 'sent', recorded: true })
    expect(server.count(route)).toBe(1)
  })

  it('tries the recording again with the same key, then leaves it to the rep', async () => {
    const { server, send, state, recordAgain } = setUp()
    server.on(route, () => {
      throw new Refusal(503, 'storage.unavailable')
    })
    await send(saying)
    expect(state.value).toMatchObject({ kind: 'sent', recorded: false })
    server.on(route, () => ({ ok: true }))
    await recordAgain()
    expect(state.value).toMatchObject({ kind: 'sent', recorded: true })
    expect(new Set(server.asked.map(({ body }) => keyOf(body))).size).toBe(1)
    expect(server.asked).toHaveLength(4)
  })
})
