import type { FactsRead } from '../events/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Tried } from '../profile/levels/read.ts'
import { overMonth, withMove } from './month.ts'
import { levelMoved, movingTypes } from './moved.ts'
import { movesOf, tierCollections, trialAgainMs, type TrialDoc } from './tiers.model.ts'
import type { Customers, FreshDefinitions, LevelMoved } from './types.ts'

const dayMs = 86_400_000
const draftDays = 1
const reviewDays = 60
/** All moves are counted; so many are listed. */
const mostListed = 50_000

export type BatchDeps = {
  mongo: Mongo
  clock: Clock
  customers: Pick<Customers, 'tried'>
  definitions: FreshDefinitions
  facts: Pick<FactsRead, 'pieces'>
  perBatch?: number
}

/**
 * Tries a scheme over the next customers; answers whether there are more. By the same working out that would cause the moves, holds
 * included; the review of a month also counts where everybody was when the month began and when it ended.
 */
export const createTrialBatch = ({ mongo, clock, customers, definitions, facts, perBatch = 500 }: BatchDeps) => {
  const { trials, moves } = tierCollections(mongo.connection)
  const inMs = (ms: number): Date => new Date(clock.now() + ms)

  const movedOf = async (items: readonly Tried[], schemeId: string): Promise<Map<string, LevelMoved[]>> => {
    const found = new Map<string, LevelMoved[]>()
    for await (const piece of facts.pieces(
      items.map(({ id }) => id),
      movingTypes,
    ))
      for (const fact of piece) {
        const move = levelMoved(fact)
        if (move?.schemeId === schemeId) found.set(move.customerId, [...(found.get(move.customerId) ?? []), move])
      }
    for (const list of found.values()) list.sort((a, b) => a.at.getTime() - b.at.getTime())
    return found
  }

  /** What a batch adds to the counts. */
  const counted = async (trial: TrialDoc, items: readonly Tried[]) => {
    let { levels, monthMoves, moves: all } = trial
    const moved = trial.month === null ? null : await movedOf(items, trial.scheme.id)
    for (const item of items) {
      const { begin, end } =
        trial.month === null || moved === null
          ? { begin: item.from, end: item.from }
          : overMonth(item, moved.get(item.id) ?? [], trial.month)
      if (end !== null) levels = { ...levels, [end]: (levels[end] ?? 0) + 1 }
      if (end !== null && begin !== end) monthMoves = withMove(monthMoves, begin, end)
      if (item.from !== null && item.from !== item.to) all = withMove(all, item.from, item.to)
    }
    return { levels, monthMoves, moves: all }
  }

  return async (trial: TrialDoc): Promise<boolean> => {
    const { _id, after, scheme } = trial
    const { items, last } = await customers.tried(await definitions(), scheme, after, perBatch, trial.at)
    const movers = items.filter(({ from, to }) => from !== null && from !== to)
    const kept = movers.slice(0, Math.max(0, mostListed - trial.listed))
    // What a worker that died left of the same batch goes.
    await moves.deleteMany(movesOf(_id, after, items.at(-1)?.id ?? after))
    if (kept.length > 0)
      await moves.bulkWrite(
        kept.map(({ id, from, to }) => ({
          updateOne: {
            filter: { _id: `${_id}:${id}` },
            update: { $set: { customerId: id, from: from ?? '', to } },
            upsert: true,
          },
        })),
        { ordered: false },
      )
    const set = {
      ...(await counted(trial, items)),
      after: items.at(-1)?.id ?? after,
      done: trial.done + items.length,
      moved: trial.moved + movers.length,
      listed: trial.listed + kept.length,
    }
    const over = last === null
    const days = trial.month === null ? draftDays : reviewDays
    const saved = await trials.updateOne(
      { _id, state: 'running', after, done: trial.done },
      over
        ? { $set: { ...set, state: 'done', expiresAt: inMs(days * dayMs) }, $unset: { lookAt: 1 } }
        : { $set: { ...set, lookAt: inMs(trialAgainMs) } },
    )
    return saved.matchedCount === 1 && !over
  }
}
