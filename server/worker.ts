import { startSweeps } from './flow/sweep.ts'
import { startWorkers } from './flow/run.ts'
import type { Deps } from './deps/index.ts'

/** The worker role but for the lane of welcomes (now-lane.ts): a worker per lane, and the sweeps. Draining finishes what is running and takes nothing new. */
export const startWorker = ({
  handlers,
  sweeps,
  connectWorker,
  clock,
  log,
  metrics,
  compare,
}: Deps): { drain(): Promise<void> } => {
  const workers = startWorkers({ handlers, connect: connectWorker, log, metrics, lanes: ['soon', 'send', 'bulk'] })
  compare().catch((error: unknown) => log.warn({ err: error }, 'the first comparison with WeCom is not planned yet'))
  const sweeping = startSweeps({ sweeps, clock, log, jobsRun: workers.jobsRun })
  return {
    drain: async () => {
      await sweeping.close()
      await workers.close()
    },
  }
}
