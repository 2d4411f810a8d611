import { waysOf, type Step, type StepOf } from '@zhiyin/shared/rule'
import type { Mongo } from '../platform/mongo.ts'
import type { PlannedRow, PlannedSource } from '../outbox/read.ts'
import type { RuleStore } from './rules.ts'
import { runModel } from './runs.model.ts'

const quarterMs = 900_000
const mostSteps = 60

/** The send a customer comes to next from a step without waiting again, where there is one way only. */
const nextSend = (steps: readonly Step[], from: string | null): StepOf<'send'> | null => {
  let at = from
  for (let n = 0; n < mostSteps; n += 1) {
    const index = steps.findIndex(({ id }) => id === at)
    const step = steps[index]
    if (step === undefined) return null
    if (n > 0 && step.type === 'send') return step
    if (n > 0 && step.type.startsWith('wait')) return null
    const ways = waysOf(steps, index)
    const way = step.type === 'wait_until' ? ways.find(({ arm }) => arm === 'otherwise') : ways[0]
    if (way === undefined || (ways.length > 1 && step.type !== 'wait_until')) return null
    at = way.to
  }
  return null
}

type Group = { _id: { ruleId: string; rule: string; version: number; at: string; dueAt: number }; count: number }

/** What rules will send: the sends that customers who wait come to next, by the quarter of an hour, and those of schedules to come. */
export const createRulesPlanned = ({ mongo, store }: { mongo: Mongo; store: RuleStore }): PlannedSource => {
  const runs = runModel(mongo.connection)
  return async ({ from, to, scope }) => {
    const ms = { $subtract: ['$dueAt', new Date(0)] }
    const groups = await runs.aggregate<Group>([
      { $match: { dueAt: { $gte: from, $lt: to }, lookAt: { $exists: true }, state: 'waiting', at: { $ne: null } } },
      {
        $group: {
          _id: {
            ruleId: '$ruleId',
            rule: '$rule',
            version: '$version',
            at: '$at',
            dueAt: { $subtract: [ms, { $mod: [ms, quarterMs] }] },
          },
          count: { $sum: 1 },
        },
      },
    ])
    const rows: PlannedRow[] = []
    for (const { _id, count } of groups) {
      const send = nextSend((await store.version(_id.ruleId, _id.version))?.steps ?? [], _id.at)
      if (send === null) continue
      const rule = { id: _id.ruleId, name: _id.rule }
      // Whose customers they are stands with the customers.
      rows.push({ at: new Date(_id.dueAt), rule, channel: send.channel, count: scope === null ? count : null })
    }
    for (const { _id, name, steps, scheduleAt } of await store.on()) {
      if (scheduleAt === null || scheduleAt < from || scheduleAt >= to) continue
      const [first] = steps
      const send = first?.type === 'send' ? first : nextSend(steps, first?.id ?? null)
      if (send !== null) rows.push({ at: scheduleAt, rule: { id: _id, name }, channel: send.channel, count: null })
    }
    return rows
  }
}
