import { CheckResult } from '@zhiyin/shared/setup/result'
import type { Mongo } from '../platform/mongo.ts'
import { resultsModel, type ResultDoc } from './results.model.ts'

/** The last result of each check. */
export const createResultsKept = ({ mongo }: { mongo: Mongo }) => {
  const model = resultsModel(mongo.connection)
  return {
    keep: async (results: readonly CheckResult[]): Promise<void> => {
      if (results.length === 0) return
      await model.bulkWrite(
        results.map((result) => ({
          updateOne: { filter: { _id: result.id }, update: { $set: { result } }, upsert: true },
        })),
      )
    },
    /** Those of another version, whose check or finding is not known any more, are left out. */
    all: async (): Promise<CheckResult[]> =>
      (await model.find({}).lean<ResultDoc[]>()).flatMap(({ result }) => CheckResult.safeParse(result).data ?? []),
  }
}
