import type { Mongo } from '../platform/mongo.ts'
import { factCollection } from './facts.model.ts'

/**
 * Deletes old behaviours (visits, clicks) of some customers that nobody waits for any more; answers how many. What the profile worked out
 * of them stays: the state of a customer is never worked out of facts again, and looks back less far than they are kept.
 */
export const createPurgeBehaviours = ({ connection }: Pick<Mongo, 'connection'>) => {
  const facts = factCollection(connection)
  return async (customerIds: readonly string[], before: Date): Promise<number> => {
    const old = { type: 'behavior.tracked' as const, at: { $lt: before }, pending: { $exists: false } }
    return (await facts.deleteMany({ customerId: { $in: [...customerIds] }, ...old })).deletedCount
  }
}
