import { seasonDays, type Comparison, type Measured } from '@zhiyin/shared/measure'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { notFound } from '../platform/errors.ts'
import { compare } from './compare.ts'
import {
  daysOf,
  ruleDesign,
  ruleScope,
  seasonDesign,
  seasonGoal,
  seasonScope,
  splitDesign,
  splitScope,
  splitsOf,
} from './design.ts'
import { createFigures } from './figures.ts'
import type { SeasonDoc } from './seasons.model.ts'
import type { RuleTerms, RuleVersion } from './types.ts'

type Deps = { mongo: Mongo; clock: Clock; version: RuleVersion }

/** What rules and seasons brought about, by the log alone. */
export const createResults = ({ mongo, clock, version }: Deps) => {
  const figures = createFigures({ mongo })

  const ofRule = async (ruleId: string, terms: RuleTerms, lift: number): Promise<Comparison> => {
    const { goal } = terms
    const { holdoutPercent } = terms.limits
    return compare(await figures.cells(ruleScope(ruleId), ruleDesign(terms), clock.date()), {
      kind: 'rule',
      stepId: null,
      goal,
      days: daysOf(goal),
      base: 'holdout',
      arms: [
        { arm: 'treated', name: null, percent: 100 - holdoutPercent },
        { arm: 'holdout', name: null, percent: holdoutPercent },
      ],
      lift,
    })
  }

  const ofSplits = (ruleId: string, terms: RuleTerms, lift: number): Promise<Comparison[]> =>
    Promise.all(
      splitsOf(terms).map(async (step) => {
        const cells = await figures.cells(splitScope(ruleId, step.id), splitDesign(terms, step), clock.date())
        return compare(cells, {
          kind: 'split',
          stepId: step.id,
          goal: terms.goal,
          days: daysOf(terms.goal),
          base: step.arms[0]?.id ?? '',
          arms: step.arms.map(({ id, name, percent }) => ({ arm: id, name, percent })),
          lift,
        })
      }),
    )

  return {
    ofRule,

    /** A rule and its splits, by the settings of one of its versions. Throws not_found for a version there never was. */
    async measured(ruleId: string, at: number, lift: number): Promise<Measured> {
      const terms = await version(ruleId, at)
      if (terms === null) throw notFound('rule', `${ruleId} v${at}`)
      const [own, splits, spans] = await Promise.all([
        ofRule(ruleId, terms, lift),
        ofSplits(ruleId, terms, lift),
        figures.spans(ruleScope(ruleId)),
      ])
      return {
        ruleId,
        rule: terms.name,
        version: at,
        lift,
        comparisons: [own, ...splits],
        spans: spans.map(({ from, to, entries }) => ({ from, to, entries })),
      }
    },

    /** Everything together against the few whom nothing reached in a season. */
    async ofSeason({ _id, percent }: SeasonDoc, lift: number): Promise<Comparison> {
      return compare(await figures.cells(seasonScope(_id), seasonDesign(percent), clock.date()), {
        kind: 'season',
        stepId: null,
        goal: seasonGoal,
        days: seasonDays,
        base: 'global_holdout',
        arms: [
          { arm: 'treated', name: null, percent: 100 - percent },
          { arm: 'global_holdout', name: null, percent },
        ],
        lift,
      })
    },
  }
}
