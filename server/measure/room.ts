import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { ownedIn } from '../platform/owned.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'
import { exposureCollection, type ExposureDoc } from './exposures.model.ts'
import { createFill, isOfOrders } from './fill.ts'
import { createLog } from './log.ts'
import { createRecord } from './record.ts'
import { createResults } from './results.ts'
import { createSeasons } from './seasons.ts'
import type { BoughtOf, Matches, RuleTerms, RuleVersion } from './types.ts'

const mostShown = 100

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  version: RuleVersion
  /** Rules that are on. */
  rulesOn: () => Promise<readonly Pick<RuleTerms, 'goal'>[]>
  boughtOf: BoughtOf
  matches: Matches
  factsOf: Parameters<typeof createFill>[0]['factsOf']
}

/** What rules brought about: the log of who was exposed to what, goals and money within their windows, and comparisons over them. */
export const createMeasure = (deps: Deps) => {
  const { mongo, rulesOn } = deps
  const exposures = exposureCollection(mongo.connection)
  const seasons = createSeasons(deps)
  const { match, sweep, backlog } = createFill(deps)
  return {
    seasons,
    ...createRecord({ ...deps, seasons }),
    match,
    /** Which facts are asked for now; those of goals of paused rules are found when the window is over. */
    async concerns(): Promise<(fact: NewFact) => boolean> {
      const goals = (await rulesOn()).flatMap(({ goal }) => (goal?.on === 'event' ? (goal.event?.event ?? []) : []))
      const asked = new Set<Fact['type']>([...goals, 'customer.replied'])
      return (fact) => isOfOrders(fact) || asked.has(fact.type)
    },
    results: createResults(deps),
    log: createLog(deps),
    /** What was tried on one customer, the latest first. */
    ofCustomer: (customerId: string): Promise<ExposureDoc[]> =>
      exposures
        .find({ customerId, ruleId: { $ne: null } })
        .sort({ until: -1, _id: 1 })
        .limit(mostShown)
        .toArray(),
    owned: { room: 'measure', ...ownedIn(mongo, 'exposures') } satisfies OwnedRecords,
    sweep,
    backlog,
  }
}

export type Measure = ReturnType<typeof createMeasure>
