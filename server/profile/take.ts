import type { ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Arriving } from '../events/read.ts'
import type { Log } from '../platform/log.ts'
import { createGather } from '../platform/gather.ts'
import { createLanes, customerLanes } from '../platform/lanes.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import type { Concerns, FactsStore } from './turn.ts'
import { groupedByCustomer, type WorkThrough } from './work-through.ts'

type Deps = {
  mongo: Mongo
  log: Log
  facts: Pick<FactsStore, 'keepFolded'> & {
    arriving(news: readonly NewFact[]): Promise<Arriving>
    append(news: readonly NewFact[], session?: ClientSession): Promise<unknown>
    nudge(customerIds: readonly string[]): Promise<void>
  }
  concerns: () => Promise<Concerns>
  workThrough: WorkThrough
}

/** Longer than this nobody waits for a customer whom somebody else is writing: there is the long way. */
const patienceMs = 200

const withoutRepeats = (facts: readonly Fact[]): Fact[] => [...new Map(facts.map((fact) => [fact.id, fact])).values()]

/** Longer lists are nudged by themselves. */
const few = 20

type Folded = {
  readonly astray: readonly Fact[]
  /** Customers with facts the rules wait for. */
  readonly waiting: ReadonlySet<string>
}

/**
 * Takes new facts in: folded into their customers in the transaction that stores them, so that each is written once and nobody looks for
 * it again but the rules that ask for it. What cannot go this way goes the long one: it is stored, and a job folds it.
 */
export const createTake = ({ mongo, log, facts, concerns, workThrough }: Deps) => {
  const foldNow = async (news: readonly Fact[]): Promise<Folded> => {
    const asked = await concerns()
    return mongo.transaction(async (session) => {
      const groups = groupedByCustomer(news)
      const { here, derived } = await workThrough({ customerIds: [...groups.keys()], news: groups }, session)
      const mine = news.filter(({ customerId }) => here.has(customerId))
      const waiting = await facts.keepFolded([...mine, ...derived], asked, session)
      return {
        astray: news.filter(({ customerId }) => !here.has(customerId)),
        waiting: new Set(waiting.map(({ customerId }) => customerId)),
      }
    }, patienceMs)
  }

  /** Answers for each whether the rules wait for what is told of their customer. */
  const turn = async (asked: readonly (readonly Fact[])[]): Promise<readonly boolean[]> => {
    const news = withoutRepeats(asked.flat())
    const { astray, waiting } = await foldNow(news).catch((error: unknown): Folded => {
      // One that is known already does not count again, which the long way sees to.
      if (!isDuplicate(error)) log.warn({ err: error, facts: news.length }, 'facts were not folded at once; a job will')
      return { astray: news, waiting: new Set() }
    })
    if (astray.length > 0) await facts.append(astray)
    return asked.map(([fact]) => fact !== undefined && waiting.has(fact.customerId))
  }
  const together = createLanes(turn, { ...customerLanes, alone: false })
  const nudgeTogether = createGather(
    async (lists: readonly (readonly string[])[]): Promise<readonly void[]> => {
      await facts.nudge(lists.flat())
      return lists.map(() => undefined)
    },
    { restMs: 10, alone: false },
  )

  return async (news: readonly NewFact[]): Promise<void> => {
    const { foldable, others } = await facts.arriving(news)
    const waiting: string[] = []
    const fold = async (customerId: string, list: readonly Fact[]): Promise<void> => {
      if (await together(customerId, list)) waiting.push(customerId)
    }
    const results = await Promise.allSettled([
      ...(others.length > 0 ? [facts.append(others)] : []),
      ...[...groupedByCustomer(foldable)].map(([customerId, list]) => fold(customerId, list)),
    ])
    if (waiting.length > 0) await (waiting.length > few ? facts.nudge(waiting) : nudgeTogether(waiting))
    for (const result of results) if (result.status === 'rejected') throw result.reason
  }
}
