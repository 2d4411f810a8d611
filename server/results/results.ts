import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Receipts } from '../outbox/read.ts'
import type { WecomRead } from '../wecom/types.ts'
import { createCheckManual } from './check-manual.ts'
import { createCheck, type ResultsDeps } from './check.ts'
import { createListManual } from './list-manual.ts'
import { createManualSweep } from './manual-sweep.ts'
import { createRemind } from './remind.ts'

const perRound = 500
/** A look that a job did not get to is nudged again after this long. */
const againMs = 15_000

type Deps = ResultsDeps & {
  mongo: Mongo
  enqueue: Enqueue
  read: Pick<WecomRead, 'listGroupMessages' | 'groupMessageTasks' | 'groupMessageResults'>
  receipts: Pick<Receipts, 'keep' | 'forget'>
}

/** What became of mass messages: ours, polled soon after they were made, then slower; and those made by hand, which use the same quota. */
export const createResults = (deps: Deps) => {
  const { messages, enqueue } = deps
  const manual = createManualSweep(deps)
  const remind = createRemind(deps)
  const sweep: Sweep = {
    stage: 'results',
    async run(now) {
      const messageIds = await messages.due(now, new Date(now.getTime() + againMs), perRound)
      if (messageIds.length > 0) await enqueue('results.check', { messageIds })
      return messageIds.length + (await manual.run(now))
    },
  }
  const backlog: BacklogOf = {
    stage: 'results',
    async count(now) {
      const due = (await messages.countDue(now)) + (await manual.countDue(now))
      return { pending: 0, due, dead: 0, oldestAt: null }
    },
  }
  return {
    /** A manager reminds a sender. Throws mass.not_waiting or mass.remind_limit. */
    remind: async (msgid: string): Promise<void> => remind.now((await messages.get([msgid]))[0]),
    jobs: {
      'results.check': createCheck(deps),
      'results.list_manual': createListManual(deps),
      'results.check_manual': createCheckManual(deps),
    },
    sweep,
    backlog,
  }
}

export type Results = ReturnType<typeof createResults>
