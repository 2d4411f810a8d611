import { onScopeDispose } from 'vue'

export type PollingOptions = {
  /** Milliseconds until the next round; null: not now (asked again at the next `poke`). */
  every: () => number | null
  /** One round; false means it failed and the next one waits longer. */
  round: () => Promise<boolean>
  maxWait?: number
}

export type Polling = { poke: () => void }

/** Repeats a round while the page is visible; failures double the wait; coming back into view runs one at once. */
export const usePolling = ({ every, round, maxWait = 60_000 }: PollingOptions): Polling => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let failures = 0
  let over = false

  const plan = (): void => {
    clearTimeout(timer)
    const wait = every()
    if (over || wait === null || document.hidden) return
    timer = setTimeout(() => void run(), Math.min(wait * 2 ** failures, maxWait))
  }

  const run = async (): Promise<void> => {
    if (running || over) return
    clearTimeout(timer)
    running = true
    const ok = await round()
    failures = ok ? 0 : Math.min(failures + 1, 5)
    running = false
    plan()
  }

  const look = (): void => {
    if (document.hidden) clearTimeout(timer)
    else if (every() !== null) void run()
  }

  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => {
    over = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  })
  plan()
  return { poke: plan }
}
