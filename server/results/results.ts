import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import { createCheck, type ResultsDeps } from './check.ts'

const perRound = 500
/** A look that a job did not get to is nudged again after this long. */
const againMs = 15_000

/** What became of mass messages: polled soon after they were made, then slower, by the clock. */
export const createResults = (deps: ResultsDeps & { enqueue: Enqueue }) => {
  const { messages, enqueue } = deps
  const sweep: Sweep = {
    stage: 'results',
    async run(now) {
      const messageIds = await messages.due(now, new Date(now.getTime() + againMs), perRound)
      if (messageIds.length > 0) await enqueue('results.check', { messageIds })
      return messageIds.length
    },
  }
  const backlog: BacklogOf = {
    stage: 'results',
    async count(now) {
      return { pending: 0, due: await messages.countDue(now), dead: 0, oldestAt: null }
    },
  }
  return { jobs: { 'results.check': createCheck(deps) }, sweep, backlog }
}
