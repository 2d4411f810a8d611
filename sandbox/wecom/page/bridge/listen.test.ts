// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { listenBridge, type Listening } from './listen.ts'
import type { BridgeLogEntry } from './log.ts'

const ORIGIN = 'http://127.0.0.1:4902'
const call = { zhiyinBridge: true, id: 7, name: 'getContext', params: { a: 1 }, url: `${ORIGIN}/sidebar/` }

let log: BridgeLogEntry[]
let listening: Listening
/** This window stands for the frame's. */
const posted = vi.fn<(message: unknown, origin: unknown) => void>()

function post(data: unknown, source: MessageEventSource = window, origin = ORIGIN) {
  window.dispatchEvent(new MessageEvent('message', { data, origin, source }))
}

beforeEach(() => {
  log = []
  posted.mockReset()
  vi.spyOn(window, 'postMessage').mockImplementation(posted)
  listening = listenBridge({
    scope: window,
    frame: () => window,
    origin: () => ORIGIN,
    bridge: { answer: async ({ name }) => ({ err_msg: `${name}:ok`, entry: 'normal' }), reset: () => undefined },
    log: (entry) => log.push(entry),
  })
})
afterEach(() => listening.stop())

it('answers a call of the frame to its origin alone, and logs it', async () => {
  post(call)
  await vi.waitFor(() => expect(posted).toHaveBeenCalled(), 10_000)
  const answer = { err_msg: 'getContext:ok', entry: 'normal' }
  expect(posted).toHaveBeenCalledWith({ zhiyinBridge: true, id: 7, answer }, ORIGIN)
  expect(log).toMatchObject([{ name: 'getContext', params: { a: 1 }, answer }])
})

it.each([
  ['another window', () => post(call, new MessageChannel().port1)],
  ['another origin', () => post(call, window, 'https://evil.example.com')],
  ['something else', () => post({ hello: 'world' })],
  ['a call without a name', () => post({ ...call, name: undefined })],
])('ignores %s', async (_case, send) => {
  send()
  await Promise.resolve()
  expect(posted).not.toHaveBeenCalled()
  expect(log).toEqual([])
})

it('raises only the events a page asked for, until another page is there', async () => {
  await expect(listening.raise('historyBack')).resolves.toBe(true)
  expect(posted).not.toHaveBeenCalled()
  post({ zhiyinBridge: true, on: 'historyBack' })
  const may = listening.raise('historyBack', { n: 1 })
  const asked = { zhiyinBridge: true, event: 'historyBack', detail: { n: 1 }, ask: 1 }
  expect(posted).toHaveBeenCalledWith(asked, ORIGIN)
  post({ zhiyinBridge: true, asked: 1, stopped: false })
  await expect(may).resolves.toBe(true)
  listening.forget()
  await expect(listening.raise('historyBack')).resolves.toBe(true)
  expect(posted).toHaveBeenCalledTimes(1)
})

it('a page may stop what was about to happen; one that does not answer stops nothing', async () => {
  post({ zhiyinBridge: true, on: 'historyBack' })
  const stopped = listening.raise('historyBack')
  post({ zhiyinBridge: true, asked: 1, stopped: true })
  await expect(stopped).resolves.toBe(false)
  await expect(listening.raise('historyBack')).resolves.toBe(true)
})
