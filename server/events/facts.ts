import mongoose, { type ClientSession } from 'mongoose'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { createGather } from '../platform/gather.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import { isAhead, withdrawnNow } from './ahead.ts'
import { factCollection, type FactDoc } from './facts.model.ts'
import { awaitingOf } from './kinds.ts'
import { createNudge } from './nudge.ts'
import { createFactOwners } from './owners.ts'
import { factOf, isFolded, type Arriving } from './read.ts'
import { createWaitAhead } from './wait-ahead.ts'

/** How long the nudge has before the sweep looks itself. */
const graceMs = 5_000
/** Longer lists make a write of their own. */
const few = 20

type Deps = { mongo: Mongo; clock: Clock; enqueue: Enqueue; log: Log }

export type Facts = ReturnType<typeof createFacts>

/** Whether a rule or a room asks to see a fact once the profile has it. */
export type Concerns = (fact: NewFact) => boolean

const bareOf = ({ id, ...fact }: NewFact, now: Date): FactDoc => ({ _id: id, ...fact, seenAt: now })

const duplicatesOnly = (error: unknown): error is mongoose.mongo.MongoBulkWriteError => {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return false
  const problems = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
  return problems.length > 0 && problems.every((problem) => problem.code === 11000)
}

/** The store of facts: appended once each, then handed on. */
export const createFacts = ({ mongo, clock, enqueue, log }: Deps) => {
  const facts = factCollection(mongo.connection)
  const nudge = createNudge(enqueue, log)

  const docOf = (told: NewFact, now: Date): FactDoc => {
    const news = withdrawnNow(told, now)
    const pending = awaitingOf(news)
    const doc = bareOf(news, now)
    if (pending.includes('profile') && isAhead(news, now)) return { ...doc, nudgeAt: news.at, dueAt: news.at }
    return pending.length === 0 ? doc : { ...doc, pending, nudgeAt: new Date(now.getTime() + graceMs) }
  }

  /** Answers which of them are new. */
  const insert = async (docs: readonly FactDoc[]): Promise<ReadonlySet<string>> => {
    const known = new Set<string>()
    try {
      await facts.insertMany([...docs], { ordered: false })
    } catch (error) {
      if (!duplicatesOnly(error)) throw error
      for (const { index } of [error.writeErrors].flat()) known.add(docs[index]?._id ?? '')
    }
    return new Set(docs.flatMap(({ _id }) => (known.has(_id) ? [] : [_id])))
  }

  /** Inside a transaction a duplicate key would end it, so there each fact is an upsert that changes nothing. */
  const upsert = async (docs: readonly FactDoc[], session: ClientSession): Promise<ReadonlySet<string>> => {
    const operations = docs.map((doc) => ({
      updateOne: { filter: { _id: doc._id }, update: { $setOnInsert: doc }, upsert: true },
    }))
    const { upsertedIds } = await facts.bulkWrite(operations, { ordered: false, session })
    return new Set(Object.values(upsertedIds).map(String))
  }

  const docsOf = (news: readonly NewFact[]): FactDoc[] => {
    const now = clock.date()
    return [...new Map(news.map((fact) => [fact.id, docOf(fact, now)])).values()]
  }

  const store = async (news: readonly NewFact[], session?: ClientSession): Promise<ReadonlySet<string>> => {
    const docs = docsOf(news)
    const fresh = session === undefined ? await insert(docs) : await upsert(docs, session)
    await nudge(
      docs.filter((doc) => doc.pending !== undefined).map((doc) => doc.customerId),
      session,
    )
    return fresh
  }

  /** What comes together is stored by one insert and nudged once. */
  const together = createGather(
    async (lists: readonly (readonly NewFact[])[]): Promise<ReadonlySet<string>[]> => {
      const fresh = await store(lists.flat())
      return lists.map(() => fresh)
    },
    { restMs: 10 },
  )

  return {
    /**
     * Stores facts; one whose id is known already is left as it is. Then nudges the delivery of their customers,
     * inside a transaction only once that is over.
     */
    async append(news: readonly NewFact[], session?: ClientSession): Promise<{ stored: number }> {
      if (news.length === 0) return { stored: 0 }
      const fresh = session === undefined && news.length <= few ? await together(news) : await store(news, session)
      return { stored: news.filter(({ id }) => fresh.has(id)).length }
    },

    /** Facts as they will be stored, by whether the profile may fold them before they are. */
    async arriving(news: readonly NewFact[]): Promise<Arriving> {
      const now = clock.date()
      const atOnce = (fact: NewFact): boolean => isFolded(fact) && !isAhead(fact, now)
      return {
        foldable: news.filter(atOnce).map((fact) => ({ ...withdrawnNow(fact, now), seenAt: now })),
        others: news.filter((fact) => !atOnce(fact)),
      }
    },

    /** Stores facts whose delivery the caller sees to; where it does not come to that, the sweep finds them 5 s later. */
    async keep(news: readonly NewFact[]): Promise<void> {
      if (news.length > 0) await insert(docsOf(news))
    },

    /**
     * Stores what the profile has by now, within its transaction: what it found out, or folded as it came. What no rule asks for is done
     * with. Answers those that wait for the rules; whoever folds sees to their delivery.
     */
    async keepFolded(news: readonly NewFact[], concerns: Concerns, session: ClientSession): Promise<Fact[]> {
      if (news.length === 0) return []
      const now = clock.date()
      const nudgeAt = new Date(now.getTime() + graceMs)
      const docs = news.map((fact): FactDoc => {
        const waits = awaitingOf(fact).includes('rules') && concerns(fact)
        return waits ? { ...bareOf(fact, now), pending: ['rules'], nudgeAt } : bareOf(fact, now)
      })
      await facts.insertMany(docs, { session })
      return docs.filter((doc) => doc.pending !== undefined).map(factOf)
    },

    /** The profile has these now: `waiting` are for the rules to see, nobody else asks for `done`. */
    async folded(
      { waiting, done }: { waiting: readonly string[]; done: readonly string[] },
      session: ClientSession,
    ): Promise<void> {
      const marks = [
        { ids: waiting, update: { $pull: { pending: 'profile' as const } } },
        { ids: done, update: { $unset: { pending: 1 as const, nudgeAt: 1 as const } } },
      ]
      for (const { ids, update } of marks)
        if (ids.length > 0) await facts.updateMany({ _id: { $in: [...ids] } }, update, { session })
    },

    /** The rules have seen these; nobody waits for them any more. */
    async matched(ids: readonly string[]): Promise<void> {
      await facts.updateMany({ _id: { $in: [...ids] }, pending: ['rules'] }, { $unset: { pending: 1, nudgeAt: 1 } })
    },

    /** Nudges the delivery of customers whose facts wait; inside a transaction once that is over. */
    nudge: (customerIds: readonly string[], session?: ClientSession): Promise<void> => nudge(customerIds, session),

    /** Lets facts dated ahead that counted at once wait for their moment. */
    waitAhead: createWaitAhead({ mongo, clock }),

    /** Whose facts are, as customers become one and part. */
    owners: createFactOwners(mongo),
  }
}
