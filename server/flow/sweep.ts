import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'

/**
 * A stage's look for what is not finished or has become due: found by an index, nudged through the queue again.
 * `run` answers how many records it nudged; it must push their next look into the future so that it does not find them at once again.
 */
export type Sweep = { readonly stage: string; run(now: Date): Promise<number> }

/** What a stage has unfinished. `pending`: could be worked on now; `due`: its time has come; `dead`: needs a person. */
export type BacklogOf = {
  readonly stage: string
  count(now: Date): Promise<{ pending: number; due: number; dead: number; oldestAt: Date | null }>
}

type Deps = { sweeps: readonly Sweep[]; clock: Clock; log: Log; everyMs?: number }

/** Looks at every stage once a second, and at once when the clock has jumped. */
export const startSweeps = ({ sweeps, clock, log, everyMs = 1000 }: Deps): { close(): Promise<void> } => {
  const closing = new AbortController()
  let wake = new AbortController()
  const stopListening = clock.onJump(() => wake.abort())

  const round = async (): Promise<void> => {
    for (const sweep of sweeps) {
      if (closing.signal.aborted) return
      try {
        const nudged = await sweep.run(clock.date())
        if (nudged > 0) log.debug({ stage: sweep.stage, nudged }, 'swept')
      } catch (error) {
        log.warn({ err: error, stage: sweep.stage }, 'sweep failed; the next round tries again')
      }
    }
  }

  const pause = async (): Promise<void> => {
    const signal = AbortSignal.any([closing.signal, wake.signal])
    try {
      await sleep(everyMs, undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
    wake = new AbortController()
  }

  const loop = (async () => {
    while (!closing.signal.aborted) {
      await round()
      await pause()
    }
  })()

  return {
    close: async () => {
      stopListening()
      closing.abort()
      await loop
    },
  }
}
