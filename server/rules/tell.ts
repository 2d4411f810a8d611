import type { NewFact } from '@zhiyin/shared/fact'
import type { Entered } from '../measure/types.ts'
import type { Mongo } from '../platform/mongo.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import type { AppendFacts, Exposed } from './types.ts'

/** The lines a run leaves in its customer's timeline. Their ids name the run, so telling twice stores once. */
export const factsOf = (run: RunDoc): NewFact[] => {
  const about = { ruleId: run.ruleId, rule: run.rule, runId: run._id }
  const base = { customerId: run.customerId, source: 'rule' } as const
  const entered: NewFact = {
    ...base,
    id: `rule.entered:${run._id}`,
    type: 'rule.entered',
    at: run.enteredAt,
    payload: { ...about, heldOut: run.state === 'held_out', because: run.because },
  }
  const { state, leftAt } = run
  if (leftAt === null || (state !== 'goal' && state !== 'exited' && state !== 'finished')) return [entered]
  return [
    entered,
    {
      ...base,
      id: `rule.left:${run._id}`,
      type: 'rule.left',
      at: leftAt,
      payload: { ...about, outcome: state, because: run.leftBecause },
    },
  ]
}

/** What the exposure log is told of a run: which arm it came into, and along which arms of splits it was led. */
const enteredOf = ({ _id: id, ruleId, version, customerId, enteredAt, arm, log }: RunDoc): Entered[] => {
  if (arm === undefined) return []
  const splits = log.flatMap((one) =>
    one.what === 'split' && one.arm !== undefined ? [{ stepId: one.stepId, arm: one.arm, at: one.at }] : [],
  )
  return [{ id, ruleId, version, customerId, at: enteredAt, arm, splits }]
}

type Deps = { mongo: Mongo; appendFacts: AppendFacts; exposed: Exposed }

/** Puts runs into the exposure log and their lines into the timeline, and notes that they stand there. */
export const createTell = ({ mongo, appendFacts, exposed }: Deps) => {
  const runs = runCollection(mongo.connection)
  return async (list: readonly RunDoc[]): Promise<void> => {
    const untold = list.filter((run) => run.untold)
    if (untold.length === 0) return
    await exposed(untold.flatMap(enteredOf))
    await appendFacts(untold.flatMap(factsOf))
    // Whoever left or went on meanwhile stays untold.
    await runs.bulkWrite(
      untold.map(({ _id, leftAt, log }) => ({
        updateOne: { filter: { _id, leftAt, log: { $size: log.length } }, update: { $set: { untold: false } } },
      })),
      { ordered: false },
    )
  }
}

export type Tell = ReturnType<typeof createTell>
