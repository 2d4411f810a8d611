import { isDeepStrictEqual } from 'node:util'
import { cutsOf } from '@zhiyin/shared/tier-scheme'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { monthBefore, monthSoFar, nextReviews } from './month.ts'
import { counting, type Schemes } from './store.ts'
import { tierCollections, type TrialDoc } from './tiers.model.ts'
import type { Trials } from './trials.ts'

const one = { _id: 'reviews' as const }

type Deps = {
  mongo: Mongo
  clock: Clock
  zone: string
  schemes: Pick<Schemes, 'all' | 'get' | 'takeCuts'>
  trials: Trials
}

/**
 * The monthly review: made for every scheme on the first day of a month, of the month before; what it proposes is taken or left by a person.
 * Made late it is still of the month before that day, and says which; after more than a month nobody asks for those in between, whose moves
 * are in the history of the levels.
 */
export const createReviews = ({ mongo, clock, zone, schemes, trials }: Deps) => {
  const { schedule } = tierCollections(mongo.connection)
  const refuse = ({ state }: TrialDoc): AppError => new AppError('trial.state', { status: 409, params: { state } })

  return {
    /** This month so far. Throws not_found. */
    now: (schemeId: string, by: string): Promise<TrialDoc> =>
      trials.review(schemeId, monthSoFar(clock.date(), zone), null, by),

    /** Throws not_found, trial.state, trial.nothing, and conflict.changed where the scheme was changed since. Repeating it changes nothing. */
    async adopt(id: string, by: string): Promise<TrialDoc> {
      const trial = await trials.get(id)
      if (trial.state !== 'done') throw refuse(trial)
      const { schemeId, proposed, buyers, schemeVersion } = trial
      if (schemeId === null || proposed === null) throw new AppError('trial.nothing', { status: 409 })
      const stands = cutsOf(counting(await schemes.get(schemeId)).how)
      if (!isDeepStrictEqual(stands, proposed))
        await schemes.takeCuts(schemeId, schemeVersion, proposed, buyers ?? 0, by)
      return (await trials.decide(id, 'adopted', by)) ?? trials.get(id)
    },

    /** Throws not_found, trial.state. */
    async dismiss(id: string, by: string): Promise<TrialDoc> {
      const decided = await trials.decide(id, 'dismissed', by)
      if (decided === null) throw refuse(await trials.get(id))
      return decided
    },

    sweep: {
      stage: 'tiers.reviews',
      async run(now) {
        const due = await schedule.findOne(one)
        if (due === null) {
          await schedule.updateOne(one, { $setOnInsert: { nextAt: nextReviews(now, zone) } }, { upsert: true })
          return 0
        }
        if (due.nextAt > now) return 0
        const month = monthBefore(now, zone)
        const all = await schemes.all()
        for (const { _id } of all) await trials.review(_id, month, `${_id}:${month.name}`, '')
        await schedule.updateOne({ ...one, nextAt: due.nextAt }, { $set: { nextAt: nextReviews(now, zone) } })
        return all.length
      },
    } satisfies Sweep,
  }
}
