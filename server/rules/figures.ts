import type { RuleFigures } from '@zhiyin/shared/rule'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { RuleStore } from './rules.ts'
import { runModel } from './runs.model.ts'

/** What of a step's log is a way gone on by; `wait` and `asks` are where it stopped. */
const stopping = ['wait', 'asks']

/** How many went which way through a rule, and how many stand where: of the live version, all time. */
export const createFigures =
  ({ mongo, clock, store }: { mongo: Mongo; clock: Clock; store: RuleStore }) =>
  async (ruleId: string): Promise<RuleFigures> => {
    const runs = runModel(mongo.connection)
    const { version } = await store.live(ruleId)
    const [nodes, ways, ended] = await Promise.all([
      runs.aggregate<{ _id: string; n: number }>([
        { $match: { ruleId, state: { $in: ['active', 'waiting'] }, version, at: { $ne: null } } },
        { $group: { _id: '$at', n: { $sum: 1 } } },
      ]),
      runs.aggregate<{ _id: { stepId: string; arm: string | null }; n: number }>([
        { $match: { ruleId, version } },
        { $project: { log: 1 } },
        { $unwind: '$log' },
        { $match: { 'log.what': { $nin: stopping } } },
        { $group: { _id: { stepId: '$log.stepId', arm: { $ifNull: ['$log.arm', null] } }, n: { $sum: 1 } } },
      ]),
      runs.aggregate<{ _id: string; n: number }>([
        { $match: { ruleId, state: { $in: ['goal', 'exited', 'finished'] }, version } },
        { $group: { _id: '$state', n: { $sum: 1 } } },
      ]),
    ])
    const of = (state: string): number => ended.find(({ _id }) => _id === state)?.n ?? 0
    return {
      at: clock.date().toISOString(),
      nodes: nodes.map(({ _id, n }) => ({ stepId: _id, here: n })),
      ways: ways.map(({ _id, n }) => ({ stepId: _id.stepId, arm: _id.arm, count: n })),
      ended: { goal: of('goal'), exited: of('exited'), finished: of('finished') },
    }
  }
