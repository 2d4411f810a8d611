import type { Mongo } from '../platform/mongo.ts'
import type { RuleDoc } from './rules.model.ts'
import { runCollection } from './runs.model.ts'

/**
 * Customers under way go on by this version where the step they stand at is in it still; the others finish on theirs. Answers how many
 * moved. Nobody is sent anything again: what was sent is known by run and step.
 */
export const createMoveOn =
  ({ mongo }: { mongo: Mongo }) =>
  async ({ _id, version, steps }: Pick<RuleDoc, '_id' | 'version' | 'steps'>): Promise<number> => {
    const { modifiedCount } = await runCollection(mongo.connection).updateMany(
      { ruleId: _id, open: true, version: { $ne: version }, at: { $in: [null, ...steps.map(({ id }) => id)] } },
      { $set: { version } },
    )
    return modifiedCount
  }
