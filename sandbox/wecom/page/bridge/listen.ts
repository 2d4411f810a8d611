import { z } from 'zod'
import type { Bridge } from './bridge.ts'
import type { BridgeLogEntry } from './log.ts'

/** What the script inside the embedded page posts. */
const Call = z.object({
  zhiyinBridge: z.literal(true),
  id: z.union([z.string(), z.number()]),
  name: z.string(),
  params: z.record(z.string(), z.unknown()).nullish(),
  url: z.string(),
})

/** The page wants to hear of an event. */
const On = z.object({ zhiyinBridge: z.literal(true), on: z.string() })

/** The page's answer to an event. */
const Asked = z.object({ zhiyinBridge: z.literal(true), asked: z.int(), stopped: z.boolean() })
/** A page that does not answer by then has not stopped anything. */
const PATIENCE_MS = 1_000

interface ListenOptions {
  scope: Pick<Window, 'addEventListener' | 'removeEventListener'>
  frame: () => Window | null | undefined
  origin: () => string
  bridge: Bridge
  log: (entry: BridgeLogEntry) => void
}

export interface Listening {
  stop(): void
  /** Tells the page of an event, if it asked for it; answers whether what follows may happen. */
  raise(event: string, detail?: Record<string, unknown>): Promise<boolean>
  /** Another page is there, which has asked for nothing yet. */
  forget(): void
}

/** Answers calls that come from the frame's own window and origin, and from nobody else. */
export function listenBridge({ scope, frame, origin, bridge, log }: ListenOptions): Listening {
  const wanted = new Set<string>()
  const asking = new Map<number, (stopped: boolean) => void>()
  let lastAsk = 0

  async function onMessage(event: MessageEvent) {
    const caller = frame()
    if (!caller || event.source !== caller || event.origin !== origin()) return
    const on = On.safeParse(event.data)
    if (on.success) wanted.add(on.data.on)
    const asked = Asked.safeParse(event.data)
    if (asked.success) asking.get(asked.data.asked)?.(asked.data.stopped)
    const parsed = Call.safeParse(event.data)
    if (!parsed.success) return
    const { id, name, url } = parsed.data
    const params = parsed.data.params ?? {}
    const answer = await bridge.answer({ name, params, url })
    log({ at: Date.now(), name, params, url, answer })
    // A frame that has moved on meanwhile must not get the answer.
    if (frame() === caller) caller.postMessage({ zhiyinBridge: true, id, answer }, event.origin)
  }
  const listener = (event: MessageEvent) => {
    void onMessage(event)
  }
  scope.addEventListener('message', listener)
  return {
    stop: () => scope.removeEventListener('message', listener),
    async raise(event, detail = {}) {
      const page = frame()
      if (!page || !wanted.has(event)) return true
      const ask = (lastAsk += 1)
      const stopped = await new Promise<boolean>((resolve) => {
        asking.set(ask, resolve)
        setTimeout(() => resolve(false), PATIENCE_MS)
        page.postMessage({ zhiyinBridge: true, event, detail, ask }, origin())
      })
      asking.delete(ask)
      return !stopped
    },
    forget: () => wanted.clear(),
  }
}
