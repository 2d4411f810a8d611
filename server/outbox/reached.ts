import { idAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection } from './intents.model.ts'

/** A send may wait so long for its rep before it reaches anybody. */
const waitMs = 30 * 86_400_000

/** Whom the sends of rules have reached. */
export const createReached = ({ connection }: Pick<Mongo, 'connection'>) => {
  const intents = intentCollection(connection)
  const went = { $or: [{ delivery: 'delivered' as const }, { channel: 'welcome' as const, state: 'sent' as const }] }
  const since = (from: Date) => ({
    _id: { $gte: idAt('intent', from.getTime() - waitMs) },
    settledAt: { $gte: from },
    ...went,
  })
  return {
    /** The rules whose sends reached a customer since a moment. */
    async reachedBy(customerId: string, from: Date): Promise<string[]> {
      const found = await intents
        .find({ customerId, ...since(from) }, { projection: { 'cause.ruleId': 1 } })
        .limit(200)
        .toArray()
      return [...new Set(found.flatMap(({ cause }) => cause.ruleId ?? []))]
    },
    /** How many sends of a rule have reached somebody since a moment. */
    reached: (ruleId: string, from: Date): Promise<number> =>
      intents.countDocuments({ 'cause.ruleId': ruleId, ...since(from) }),
  }
}
