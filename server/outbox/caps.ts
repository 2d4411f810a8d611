import type { IntentChannel } from '@zhiyin/shared/intent'
import type { Clock } from '../platform/clock.ts'
import { isDuplicate, type Mongo } from '../platform/mongo.ts'
import { countCollection, type CountDoc, type CountEntry } from './counts.model.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'

/** Kept a day longer than the longest window. */
const keptDays = 31
const maxRounds = 20

type Counts = ReadonlyMap<string, CountDoc>
type Decided<V> = { readonly verdict: V; readonly count: CountEntry | null }

/** Whom a message counts for: the customer, of group messages the group; null: it is never counted. */
export const countedFor = ({
  channel,
  customerId,
  groupId,
}: Pick<IntentDoc, 'channel' | 'customerId' | 'groupId'>): string | null => {
  if (channel === 'mass' || channel === 'welcome') return customerId
  return channel === 'group_mass' || channel === 'robot' ? groupId : null
}

type Counted = Pick<IntentDoc, '_id' | 'channel' | 'customerId' | 'groupId'>

/**
 * Counts permitted messages per customer and per group. A permit is a write guarded by the record's revision and names its intent, so racing
 * permits cannot pass a cap and repeating one counts once.
 */
export const createCaps = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const intents = intentCollection(mongo.connection)
  const counts = countCollection(mongo.connection)

  const read = async (ids: readonly string[]): Promise<Map<string, CountDoc>> => {
    if (ids.length === 0) return new Map()
    const docs = await counts.find({ _id: { $in: [...new Set(ids)] } }).toArray()
    return new Map(docs.map((doc) => [doc._id, doc]))
  }

  /** Writes the new entries of each; answers whether every guard held. */
  const write = async (before: Counts, added: ReadonlyMap<string, CountEntry[]>): Promise<boolean> => {
    const operations = [...added].map(([_id, entries]) => {
      const had = before.get(_id)
      const newest = Math.max(...entries.map((entry) => entry.day))
      const kept = (had?.entries ?? []).filter((entry) => entry.day > newest - keptDays)
      return had === undefined
        ? { insertOne: { document: { _id, rev: 1, entries } } }
        : {
            updateOne: {
              filter: { _id, rev: had.rev },
              update: { $set: { entries: [...kept, ...entries] }, $inc: { rev: 1 } },
            },
          }
    })
    if (operations.length === 0) return true
    try {
      const written = await counts.bulkWrite(operations, { ordered: false })
      return written.insertedCount + written.matchedCount === operations.length
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  }

  type Update = { $inc: { rev: 1 } } & (
    { $pull: { entries: { intent: string } } } | { $set: { 'entries.$.day': number }; $unset: { 'entries.$.until': 1 } }
  )
  const change = async (of: readonly Counted[], update: (intent: string) => Update): Promise<void> => {
    const operations = of.flatMap((intent) => {
      const _id = countedFor(intent)
      if (_id === null) return []
      return { updateOne: { filter: { _id, 'entries.intent': intent._id }, update: update(intent._id) } }
    })
    if (operations.length > 0) await counts.bulkWrite(operations, { ordered: false })
  }

  /** There is room again: who made way is decided about anew. */
  const wake = async (freed: readonly Counted[]): Promise<void> => {
    const lookAt = clock.date()
    const ids = (channel: IntentChannel): string[] => [
      ...new Set(freed.filter((each) => each.channel === channel).flatMap((each) => countedFor(each) ?? [])),
    ]
    const waiting = { state: 'wanted' as const, lost: { $exists: true }, lookAt: { $gt: lookAt } }
    const [customers, groups] = [ids('mass'), ids('group_mass')]
    if (customers.length > 0)
      await intents.updateMany({ customerId: { $in: customers }, channel: 'mass', ...waiting }, { $set: { lookAt } })
    if (groups.length > 0)
      await intents.updateMany({ groupId: { $in: groups }, channel: 'group_mass', ...waiting }, { $set: { lookAt } })
  }

  return {
    read,

    /**
     * Decides for each item with the entries of whom it counts for, and keeps what a permit counts. Items of one are decided in order, each
     * seeing the ones before. When somebody else wrote meanwhile, the whole is decided anew on what stands then.
     */
    async decideAll<I extends { countedFor: string | null }, V>(
      items: readonly I[],
      decide: (item: I, entries: readonly CountEntry[]) => Decided<V>,
    ): Promise<V[]> {
      const ids = items.flatMap(({ countedFor: id }) => id ?? [])
      for (let round = 0; round < maxRounds; round += 1) {
        const before = await read(ids)
        const added = new Map<string, CountEntry[]>()
        const verdicts = items.map((item) => {
          const id = item.countedFor
          const entries = id === null ? [] : [...(before.get(id)?.entries ?? []), ...(added.get(id) ?? [])]
          const { verdict, count } = decide(item, entries)
          if (id !== null && count !== null) added.set(id, [...(added.get(id) ?? []), count])
          return verdict
        })
        if (await write(before, added)) return verdicts
      }
      throw new Error('The counters of these customers change faster than they can be read')
    },

    /** Gives back what messages that did not arrive had counted. */
    async release(freed: readonly Counted[]): Promise<void> {
      await change(freed, (intent) => ({ $pull: { entries: { intent } }, $inc: { rev: 1 } }))
      await wake(freed)
    },

    /** What arrived counts on the day it arrived, for that is the day whose quota the platform took. */
    async arrived(these: readonly Counted[], day: number): Promise<void> {
      await change(these, () => ({
        $set: { 'entries.$.day': day },
        $unset: { 'entries.$.until': 1 },
        $inc: { rev: 1 },
      }))
    },
  }
}

export type Caps = ReturnType<typeof createCaps>
