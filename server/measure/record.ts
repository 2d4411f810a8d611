import { isDuplicate, type Mongo } from '../platform/mongo.ts'
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
import { exposureCollection, type ExposureDoc } from './exposures.model.ts'
import type { Seasons } from './seasons.ts'
import type { Entered, RuleVersion } from './types.ts'

const dayMs = 86_400_000

type Deps = { mongo: Mongo; seasons: Pick<Seasons, 'current' | 'heldOut'>; version: RuleVersion }
type Place = Pick<ExposureDoc, '_id' | 'scope' | 'design' | 'stepId' | 'arm' | 'at' | 'goal'>
type Whose = Pick<Entered, 'customerId' | 'version'>
/** Somebody whom a broadcast wants to reach. */
export type Reached = Pick<Entered, 'customerId' | 'at'>

const rowOf = (place: Place, { customerId, version }: Whose, ruleId: string | null): ExposureDoc => {
  const until = new Date(place.at.getTime() + daysOf(place.goal) * dayMs)
  return { ...place, ruleId, version, customerId, until, goalAt: null, orders: 0, spent: 0, lookAt: until }
}

/** Writes into the log who came into what, and into which arm. The same told twice stands once. */
export const createRecord = ({ mongo, seasons, version }: Deps) => {
  const exposures = exposureCollection(mongo.connection)

  const rowsOf = async (entered: Entered): Promise<ExposureDoc[]> => {
    const { id, ruleId } = entered
    const terms = await version(ruleId, entered.version)
    if (terms === null) return []
    const { goal } = terms
    const { at, arm } = entered
    const own: Place = { _id: id, scope: ruleScope(ruleId), design: ruleDesign(terms), stepId: null, arm, at, goal }
    const splits = new Map(splitsOf(terms).map((step) => [step.id, step]))
    const led = entered.splits.flatMap(({ stepId, ...way }): Place[] => {
      const step = splits.get(stepId)
      if (step === undefined) return []
      const _id = `${id}:${stepId}`
      return [{ _id, scope: splitScope(ruleId, stepId), design: splitDesign(terms, step), stepId, goal, ...way }]
    })
    return [own, ...led].map((place) => rowOf(place, entered, ruleId))
  }

  const seasonRows = async (wanted: readonly (Whose & Reached)[]): Promise<ExposureDoc[]> => {
    const season = await seasons.current()
    if (season === null || season.percent === 0) return []
    const isOut = await seasons.heldOut()
    return wanted.map((one) => {
      const arm = isOut(one.customerId) ? 'global_holdout' : 'treated'
      const design = seasonDesign(season.percent)
      const _id = `season:${season._id}:${one.customerId}`
      const { at } = one
      const place: Place = { _id, scope: seasonScope(season._id), design, stepId: null, arm, at, goal: seasonGoal }
      return rowOf(place, one, null)
    })
  }

  const keep = async (rows: readonly ExposureDoc[]): Promise<void> => {
    if (rows.length === 0) return
    const known = new Set(
      (await exposures.find({ _id: { $in: rows.map(({ _id }) => _id) } }, { projection: { _id: 1 } }).toArray()).map(
        ({ _id }) => _id,
      ),
    )
    const news = [...new Map(rows.map((row) => [row._id, row])).values()].filter(({ _id }) => !known.has(_id))
    if (news.length === 0) return
    try {
      await exposures.insertMany(news, { ordered: false })
    } catch (error) {
      // Somebody else told of the same entry meanwhile; the others stand.
      if (!isDuplicate(error)) throw error
    }
  }

  return {
    record: async (entered: readonly Entered[]): Promise<void> =>
      keep([...(await Promise.all(entered.map(rowsOf))).flat(), ...(await seasonRows(entered))]),
    /** Whom a broadcast wants to reach, those left out by the season among them: their window of the season begins, where it has not. */
    reached: async (wanted: readonly Reached[]): Promise<void> =>
      keep(await seasonRows(wanted.map((one) => ({ ...one, version: 0 })))),
  }
}
