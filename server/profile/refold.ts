import type { ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import { isAhead } from '../events/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { workOut } from './fold.ts'
import { applyFacts } from './state/apply.ts'
import { emptyState } from './state/state.ts'
import type { Concerns, FactsStore } from './turn.ts'
import type { Definitions } from './types.ts'
import { changedOf, countingFrom } from './work-through.ts'

const perPage = 1000

export type RefoldDeps = {
  mongo: Mongo
  clock: Clock
  definitions: () => Promise<Definitions>
  concerns: () => Promise<Concerns>
  facts: Pick<FactsStore, 'keepFolded'> & {
    nudge(customerIds: readonly string[]): Promise<void>
    readonly owners: { pages(customerId: string, limit: number, session: ClientSession): AsyncIterable<Fact[]> }
  }
}

/** Works one customer out and keeps what became of them, within a transaction; answers whether facts follow from it. */
export const createKeepOne = ({ mongo, clock, definitions, concerns, facts }: RefoldDeps) => {
  const customers = customerCollection(mongo.connection)
  return async (
    before: CustomerDoc,
    doc: CustomerDoc,
    news: readonly Fact[],
    session: ClientSession,
  ): Promise<boolean> => {
    const now = clock.date()
    // What is dated ahead is told when its moment comes.
    const come = news.filter((fact) => !isAhead(fact, now))
    const { set, derived } = workOut(doc, come, await definitions(), now)
    const update = { $set: changedOf(before, set), $inc: { rev: 1 } }
    await customers.updateOne({ _id: doc._id }, update, { session })
    const told: readonly NewFact[] = derived
    await facts.keepFolded(told, await concerns(), session)
    return told.length > 0
  }
}

/**
 * Makes a customer's state anew from all their facts: after facts were taken away, and when a fold keeps more than it did. What moves
 * by it moves now. One transaction, so that no fact that comes meanwhile is lost; a customer who is not there is left alone.
 */
export const createRefold = (deps: RefoldDeps) => {
  const customers = customerCollection(deps.mongo.connection)
  const keepOne = createKeepOne(deps)
  return async (customerId: string): Promise<void> => {
    const { attributes } = await deps.definitions()
    const now = deps.clock.date()
    const moved = await deps.mongo.transaction(async (session) => {
      const before = await customers.findOne({ _id: customerId }, { session })
      if (before === null) return false
      let state = emptyState
      for await (const page of deps.facts.owners.pages(customerId, perPage, session))
        state = applyFacts(
          state,
          page.filter((fact) => !isAhead(fact, now)),
          attributes,
        )
      return keepOne(before, { ...countingFrom(before, now), state }, [], session)
    })
    if (moved) await deps.facts.nudge([customerId])
  }
}
