import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { countedFor } from './caps.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { byRank } from './rank.ts'

const contested = ['mass', 'group_mass'] as const
type Contested = (typeof contested)[number]
const perQuery = 1_000

/**
 * Who else wants room at the same customers or groups at this moment, in the same turn or not: all that is due, also what still gathers,
 * and what made way before and waits. Of one customer or group they are decided about together, the highest rank first.
 */
export const createRivals = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const intents = intentCollection(mongo.connection)

  const of = async (channel: Contested, wanted: readonly IntentDoc[]): Promise<IntentDoc[]> => {
    const mine = new Set(wanted.map(({ _id }) => _id))
    const ids = [
      ...new Set(wanted.filter((each) => each.channel === channel).flatMap((each) => countedFor(each) ?? [])),
    ]
    const field = channel === 'mass' ? 'customerId' : 'groupId'
    const others: string[] = []
    for (let from = 0; from < ids.length; from += perQuery) {
      const among = { [field]: { $in: ids.slice(from, from + perQuery) }, state: 'wanted' as const, channel }
      const due = [{ dueAt: { $lte: clock.date() } }, { lost: { $exists: true } }]
      const found = await intents.find({ ...among, $or: due }, { projection: { _id: 1 } }).toArray()
      others.push(...found.flatMap(({ _id }) => (mine.has(_id) ? [] : [_id])))
    }
    return others.length === 0 ? [] : intents.find({ _id: { $in: others }, state: 'wanted' }).toArray()
  }

  return async (wanted: readonly IntentDoc[]): Promise<IntentDoc[]> =>
    (await Promise.all(contested.map((channel) => of(channel, wanted)))).flat()
}

/** In the order in which they are decided about: of what wants the same room the highest rank first. */
export const inOrder = (intents: readonly IntentDoc[]): IntentDoc[] => intents.toSorted(byRank)
