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

interface ListenOptions {
  scope: Pick<Window, 'addEventListener' | 'removeEventListener'>
  frame: () => Window | null | undefined
  origin: () => string
  bridge: Bridge
  log: (entry: BridgeLogEntry) => void
}

export interface Listening {
  stop(): void
  /** Tells the page of an event it asked for; answers whether it had. */
  raise(event: string, detail?: Record<string, unknown>): boolean
  /** Another page is there, which has asked for nothing yet. */
  forget(): void
}

/** Answers calls that come from the frame's own window and origin, and from nobody else. */
export function listenBridge({ scope, frame, origin, bridge, log }: ListenOptions): Listening {
  const wanted = new Set<string>()

  async function onMessage(event: MessageEvent) {
    const caller = frame()
    if (!caller || event.source !== caller || event.origin !== origin()) return
    const on = On.safeParse(event.data)
    if (on.success) wanted.add(on.data.on)
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
    raise(event, detail = {}) {
      const page = frame()
      if (!page || !wanted.has(event)) return false
      page.postMessage({ zhiyinBridge: true, event, detail }, origin())
      return true
    },
    forget: () => wanted.clear(),
  }
}
