import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'

/**
 * A stage's look for what is not finished or has become due: found by an index, nudged through the queue again.
 * `run` answers how many records it nudged; it must push their next look into the future so that it does not find them at once again.
 */
export type Sweep = {
  readonly stage: string
  /** Its time is promised to the second: it is looked at every second even while nothing goes on. */
  readonly prompt?: true
  run(now: Date): Promise<number>
}

/** What a stage has unfinished. `pending`: could be worked on now; `due`: its time has come; `dead`: needs a person. */
export type BacklogOf = {
  readonly stage: string
  count(now: Date): Promise<{ pending: number; due: number; dead: number; oldestAt: Date | null }>
}

/** Rounds with nothing to do until the process rests, and at rest the share of rounds that look at every stage. */
const restAfter = 3
const restEvery = 5

type Deps = {
  sweeps: readonly Sweep[]
  clock: Clock
  log: Log
  /** How many jobs this process has run. Whatever is unfinished or about to be due was written by one, as a rule. */
  jobsRun?: () => number
  everyMs?: number
}

/**
 * Looks at every stage once a second, and at once when the clock has jumped. While nothing is found and no job runs, at the stages that
 * are not `prompt` every five seconds: most of what a product at rest would do is asking.
 */
export const startSweeps = ({
  sweeps,
  clock,
  log,
  jobsRun = () => 0,
  everyMs = 1000,
}: Deps): { close(): Promise<void> } => {
  const closing = new AbortController()
  let wake = new AbortController()
  const stopListening = clock.onJump(() => wake.abort())

  /** Answers whether there was nothing to do. */
  const round = async (looked: readonly Sweep[]): Promise<boolean> => {
    let quiet = true
    for (const sweep of looked) {
      if (closing.signal.aborted) return quiet
      try {
        const nudged = await sweep.run(clock.date())
        if (nudged > 0) log.debug({ stage: sweep.stage, nudged }, 'swept')
        quiet &&= nudged === 0
      } catch (error) {
        quiet = false
        log.warn({ err: error, stage: sweep.stage }, 'sweep failed; the next round tries again')
      }
    }
    return quiet
  }

  /** Answers whether the clock has jumped. */
  const pause = async (): Promise<boolean> => {
    const signal = AbortSignal.any([closing.signal, wake.signal])
    try {
      await sleep(everyMs, undefined, { signal })
    } catch (error) {
      if (!signal.aborted) throw error
    }
    const jumped = wake.signal.aborted
    wake = new AbortController()
    return jumped
  }

  const loop = (async () => {
    const prompt = sweeps.filter((sweep) => sweep.prompt)
    let rest = 0
    let run = jobsRun()
    while (!closing.signal.aborted) {
      const quiet = await round(rest < restAfter || rest % restEvery === 0 ? sweeps : prompt)
      const jumped = await pause()
      rest = quiet && !jumped && run === jobsRun() ? rest + 1 : 0
      run = jobsRun()
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
