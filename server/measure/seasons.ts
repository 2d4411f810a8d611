import { randomBytes } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { shareOf } from '../platform/share.ts'
import { seasonModel, type SeasonDoc } from './seasons.model.ts'
import type { IsHeldOut } from './types.ts'

/** How old an answer may be; every process sees a change within this. */
const cacheMs = 2_000

type Deps = { mongo: Mongo; clock: Clock; newId: NewId }

/**
 * The global holdout: a few customers, the same ones for a season, whom no rule and no broadcast reaches, so that the worth of all of them
 * together can be seen. Within a season a higher percent adds customers and a lower one lets some go; nobody else moves.
 */
export const createSeasons = ({ mongo, clock, newId }: Deps) => {
  const seasons = seasonModel(mongo.connection)
  let cached: { readonly at: number; readonly season: Promise<SeasonDoc | null> } | null = null

  const fresh = (): Promise<SeasonDoc | null> => {
    const season = seasons.findOne({ until: null }).lean<SeasonDoc | null>().exec()
    cached = { at: clock.now(), season }
    season.catch(() => {
      cached = null
    })
    return season
  }
  const current = (): Promise<SeasonDoc | null> =>
    cached !== null && Math.abs(clock.now() - cached.at) < cacheMs ? cached.season : fresh()

  return {
    /** At most 2 s old; null before there ever was one. */
    current,
    fresh,
    /** The latest first, at most 50. */
    list: (): Promise<SeasonDoc[]> => seasons.find().sort({ from: -1 }).limit(50).lean<SeasonDoc[]>().exec(),
    /** Whether a customer is left out, as things stand now. */
    async heldOut(): Promise<IsHeldOut> {
      const season = await current()
      if (season === null || season.percent === 0) return () => false
      const { salt, percent } = season
      return (customerId) => shareOf(salt, customerId) < percent / 100
    },
    /** Changes how many are left out in the season that holds. False where none does. */
    async setPercent(percent: number): Promise<boolean> {
      const changed = await seasons.updateOne({ until: null }, { $set: { percent } })
      await fresh()
      return changed.matchedCount === 1
    },
    /** Ends the season and begins another with other customers: the only way the salt changes. */
    async begin(name: string, percent: number): Promise<SeasonDoc> {
      const from = clock.date()
      const season = { _id: newId('season'), name, percent, salt: randomBytes(16).toString('hex'), from, until: null }
      await mongo.transaction(async (session) => {
        await seasons.updateMany({ until: null }, { $set: { until: from } }, { session })
        await seasons.create([season], { session })
      })
      await fresh()
      return season
    },
  }
}

export type Seasons = ReturnType<typeof createSeasons>
