import type { NewFact } from '@zhiyin/shared/fact'
import type { Mongo } from '../platform/mongo.ts'
import { runCollection, type RunDoc } from './runs.model.ts'
import type { AppendFacts } from './types.ts'

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

/** Puts the lines of runs into the timeline and notes that they stand there. */
export const createTell = ({ mongo, appendFacts }: { mongo: Mongo; appendFacts: AppendFacts }) => {
  const runs = runCollection(mongo.connection)
  return async (list: readonly RunDoc[]): Promise<void> => {
    const untold = list.filter((run) => run.untold)
    if (untold.length === 0) return
    await appendFacts(untold.flatMap(factsOf))
    // Whoever left meanwhile stays untold.
    await runs.bulkWrite(
      untold.map(({ _id, leftAt }) => ({
        updateOne: { filter: { _id, leftAt }, update: { $set: { untold: false } } },
      })),
      { ordered: false },
    )
  }
}

export type Tell = ReturnType<typeof createTell>
