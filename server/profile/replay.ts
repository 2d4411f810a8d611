import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { CustomerDoc } from './customers.model.ts'
import { workOut } from './fold.ts'
import { newCustomer } from './new-customer.ts'
import type { CustomerView } from './view.ts'
import { viewOf } from './view-of.ts'
import type { Definitions } from './types.ts'

/** Who a customer is, whatever happened: the name and what WeCom says are those of today. */
export type Known = Pick<CustomerDoc, '_id' | 'externalUserId' | 'contact' | 'createdAt'>

/** One customer at a moment that moves on; the view is that of the moment. */
export type Replay = {
  readonly id: string
  view(): CustomerView
  /** The next moment at which time alone moves them; null: none is known. */
  dueAt(): Date | null
  /** Lets time pass up to a moment; answers what moved, each at its own moment. */
  pass(to: Date): Fact[]
  /** What happened at one moment, which is not before the last; answers what moved up to it and by it. */
  take(facts: readonly Fact[], at: Date): Fact[]
}

const learned = (facts: readonly NewFact[]): Fact[] => facts.map((fact) => ({ ...fact, seenAt: fact.at }))

/** Goes on from a customer as they stand. */
export const replayFrom = (doc: CustomerDoc, definitions: Definitions): Replay => {
  let now = doc
  const work = (facts: readonly Fact[], at: Date): Fact[] => {
    const { set, derived } = workOut(now, facts, definitions, at)
    now = { ...now, ...set }
    return learned(derived)
  }
  return {
    id: doc._id,
    view: () => viewOf(now),
    dueAt: () => now.nextDueAt,
    pass: (to) => (now.nextDueAt === null || now.nextDueAt.getTime() > to.getTime() ? [] : work([], to)),
    take: work,
  }
}

/** Begins where nothing had happened yet, at a moment not after the first fact; by the definitions of today. */
export const replayOf = ({ _id, externalUserId, contact }: Known, from: Date, definitions: Definitions): Replay =>
  replayFrom({ ...newCustomer(_id, externalUserId, from, definitions), contact }, definitions)
