import type { Mongo } from '../platform/mongo.ts'

/**
 * Makes every index the models declare. Safe to run again and side by side: an index that stands already is left alone.
 * An index of the same name with other options stops the start with MongoDB's own words, since dropping one is a person's decision.
 */
export const ensureIndexes = async ({ connection }: Mongo): Promise<void> => {
  for (const model of Object.values(connection.models)) await model.createIndexes()
}
