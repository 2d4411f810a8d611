import { z } from 'zod'
import { Condition } from '@zhiyin/shared/condition'
import { Step } from '@zhiyin/shared/rule'
import type { Mongo } from '../platform/mongo.ts'
import { backtestCollection } from './backtest/backtests.model.ts'
import { listensOf } from './rule-index.ts'
import { ruleModel, ruleVersionModel } from './rules.model.ts'
import { runCollection } from './runs.model.ts'

/** A step of former builds: goes on where the condition holds, else leaves the rule or skips the next step. */
const Check = z.object({
  id: z.string(),
  type: z.literal('check'),
  condition: Condition,
  otherwise: z.enum(['exit', 'skip']),
})

/** Steps of former builds, which had no ways, in today's form. */
const stepsOf = (said: readonly unknown[]): Step[] => {
  const read = said.map((step) => z.union([Step, Check]).parse(step))
  const idAt = (place: number): string | null => read[place]?.id ?? null
  const exits: Step[] = []
  const steps = read.map((step, place): Step => {
    if (step.type !== 'check') return place === read.length - 1 ? Step.parse({ ...step, next: null }) : step
    const exit = { id: `${step.id}.exit`, type: 'exit' as const }
    if (step.otherwise === 'exit') exits.push(exit)
    const otherwise = step.otherwise === 'exit' ? exit.id : idAt(place + 2)
    const arm = { id: `${step.id}.met`, name: '', condition: step.condition, next: idAt(place + 1) }
    return { id: step.id, type: 'branch', arms: [arm], otherwise }
  })
  return [...steps, ...exits]
}

/**
 * Rules kept before their steps had ways: the newest version is the live one, and runs under way stand at a step by its id, not by its
 * place. Safe to repeat.
 */
export const upgradeRules = async ({ connection }: Pick<Mongo, 'connection'>): Promise<void> => {
  // Kept for 30 days and made anew by a click: those that name whom they met in a former way go.
  await backtestCollection(connection).deleteMany({ 'tally.collisions.ruleId': { $exists: true } })
  const rules = ruleModel(connection)
  const versions = ruleVersionModel(connection)
  const runs = runCollection(connection)
  for (const rule of await rules.find({ listens: { $exists: false } }).lean()) {
    const listens = new Set(listensOf(rule))
    for (const said of await versions.find({ ruleId: rule._id }).lean()) {
      const steps = stepsOf(said.steps)
      for (const type of listensOf({ ...said, steps })) listens.add(type)
      for (const place of [...said.steps.keys(), said.steps.length])
        await runs.updateMany(
          { ruleId: rule._id, open: true, version: said.version, step: place, at: { $exists: false } },
          {
            $set: { at: said.steps[place]?.id ?? null, ...(place < said.steps.length && { state: 'active' as const }) },
          },
        )
      const savedBy = said.version === rule.version ? rule.updatedBy : ''
      await versions.updateOne({ _id: said._id }, { $set: { steps, savedAt: rule.updatedAt, savedBy, savedById: '' } })
    }
    const live = rule.status === 'draft' ? null : rule.version
    await rules.updateOne({ _id: rule._id }, { $set: { steps: stepsOf(rule.steps), live, listens: [...listens] } })
  }
}
