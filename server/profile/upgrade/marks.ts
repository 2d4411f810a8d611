import type { Clock } from '../../platform/clock.ts'
import type { Mongo } from '../../platform/mongo.ts'
import { progressModel, type ProgressDoc } from '../progress.model.ts'
import type { Batch } from './step.ts'

/** A job has so long for a batch before the sweep hands it on again. */
const againMs = 20_000

export type Mark = Pick<ProgressDoc, 'after' | 'done' | 'wantedAt' | 'doneAt'>

const idOf = (name: string): string => `upgrade.${name}`

/** How far each step has come, in the database: the form in which things are kept is that of the steps that are done. */
export const createMarks = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const progress = progressModel(mongo.connection)
  const doneOrAgain = (done: boolean): Pick<ProgressDoc, 'doneAt' | 'nudgeAt'> => {
    const now = clock.date()
    return done ? { doneAt: now, nudgeAt: null } : { doneAt: null, nudgeAt: new Date(now.getTime() + againMs) }
  }

  return {
    read: (name: string): Promise<Mark | null> => progress.findOne({ _id: idOf(name) }).lean<ProgressDoc | null>(),

    /** Marks that a step has begun, once. `done`: there is nothing for it to do. */
    async begin(name: string, { done }: { done: boolean }): Promise<void> {
      const now = clock.date()
      const fresh = {
        round: 0,
        after: null,
        done: 0,
        wantedAt: now,
        doneAt: done ? now : null,
        nudgeAt: done ? null : now,
      }
      await progress.updateOne({ _id: idOf(name) }, { $setOnInsert: fresh }, { upsert: true })
    },

    /** False where another process was there first. */
    async move(name: string, { after }: Pick<Mark, 'after'>, { last, count }: Batch): Promise<boolean> {
      const over = last === null
      const { modifiedCount } = await progress.updateOne(
        { _id: idOf(name), after, doneAt: null },
        // At the end nobody's id stays behind: whoever it is may be erased.
        { $set: { after: last, ...doneOrAgain(over) }, $inc: { done: count } },
      )
      return modifiedCount === 1
    },

    /** One of these that nobody is at; it is left alone for the time a batch has. */
    async waiting(names: readonly string[], now: Date): Promise<{ name: string; after: string | null } | null> {
      const found = await progress
        .findOneAndUpdate(
          { _id: { $in: names.map(idOf) }, doneAt: null, nudgeAt: { $lte: now } },
          { $set: { nudgeAt: new Date(now.getTime() + againMs) } },
        )
        .lean<ProgressDoc | null>()
      const name = names.find((one) => idOf(one) === found?._id)
      return found === null || name === undefined ? null : { name, after: found.after }
    },
  }
}
