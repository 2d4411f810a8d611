import { onScopeDispose, ref } from 'vue'
import type { z } from 'zod'
import { LiveEvent } from '../../admin/contract.ts'

const POLL_MS = 2_000
const REOPEN_EVERY = 5

export type Happening = z.infer<typeof LiveEvent>

/**
 * Calls `onEvent` with what the stand-in says happens, and `onChange` when anything may have: on connecting, and every 2 s without
 * a working event stream, which is tried again every fifth time.
 */
export function useLive(url: string, onEvent: (event: Happening) => void, onChange: () => void) {
  const live = ref(false)
  let source: EventSource | undefined
  let ticks = 0

  function open() {
    source?.close()
    if (typeof EventSource === 'undefined') return
    source = new EventSource(url)
    source.addEventListener('open', () => {
      live.value = true
      onChange()
    })
    source.addEventListener('message', ({ data }: MessageEvent<string>) => {
      const event = LiveEvent.safeParse(JSON.parse(data))
      if (event.success) onEvent(event.data)
      else onChange()
    })
    source.addEventListener('error', () => {
      live.value = false
    })
  }

  const timer = setInterval(() => {
    if (live.value) return
    ticks += 1
    onChange()
    if (ticks % REOPEN_EVERY === 0 && source?.readyState !== EventSource.CONNECTING) open()
  }, POLL_MS)

  open()
  onScopeDispose(() => {
    clearInterval(timer)
    source?.close()
  })
  return { live }
}

/**
 * Runs `work` soon after `poke`, one run at a time; a poke's promise ends with a run begun after it. Between two runs there is
 * `gapMs` of rest, or as much as the last run took: a big company must not keep the page busy all the time.
 */
export function createPump(work: () => Promise<void>, gapMs: number) {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let restUntil = 0

  async function run() {
    const wait = restUntil - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    next = undefined
    const begunAt = performance.now()
    running = work().finally(() => {
      running = undefined
      const endedAt = performance.now()
      restUntil = endedAt + Math.max(gapMs, endedAt - begunAt)
    })
    await running
  }

  return function poke(): Promise<void> {
    next ??= (running ?? Promise.resolve()).then(run)
    return next
  }
}
