import { isDeepStrictEqual } from 'node:util'
import type { ClientSession } from 'mongoose'
import { ruleOfRecall, type RecallForm } from '@zhiyin/shared/recall'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { Mongo } from '../platform/mongo.ts'
import { ruleVersionModel, type RuleDoc, type RuleVersionDoc } from './rules.model.ts'

const mostKept = 2000

/** What of a rule a person writes. */
export const inputOf = (input: RuleInput): RuleInput => {
  const { name, trigger, condition, steps, goal, exitOn, limits } = input
  const written = { name, trigger, condition, steps, goal, exitOn, limits }
  return { ...written, recall: stillRecall(written, input.recall ?? null) }
}

/** The form a rule was made by, where it still says what the form does; its name may have changed. */
const stillRecall = (written: RuleInput, recall: RecallForm | null): RecallForm | null => {
  if (recall === null) return null
  const form = { ...recall, name: written.name }
  return isDeepStrictEqual(ruleOfRecall(form), { ...written, recall: form }) ? form : null
}

const versionId = (ruleId: string, version: number): string => `${ruleId}:${version}`

/** What a rule said at each version. A version never changes, so it is kept in memory. */
export const createVersions = ({ mongo }: { mongo: Mongo }) => {
  const versions = ruleVersionModel(mongo.connection)
  const kept = new Map<string, RuleVersionDoc>()

  return {
    /** In the transaction that makes it the newest one. */
    async keep(rule: RuleDoc, session: ClientSession): Promise<void> {
      const { _id: ruleId, version, updatedAt: savedAt, updatedBy: savedBy, updatedById: savedById = '' } = rule
      const doc = { ...inputOf(rule), ruleId, version, savedAt, savedBy, savedById }
      await versions.updateOne({ _id: versionId(ruleId, version) }, { $setOnInsert: doc }, { upsert: true, session })
    },
    async get(ruleId: string, version: number): Promise<RuleVersionDoc | null> {
      const id = versionId(ruleId, version)
      const had = kept.get(id)
      if (had !== undefined) return had
      const found = await versions.findById(id).lean()
      if (found === null) return null
      const oldest = kept.keys().next()
      if (kept.size >= mostKept && oldest.done !== true) kept.delete(oldest.value)
      kept.set(id, found)
      return found
    },
    /** Newest first. */
    list: (ruleId: string): Promise<RuleVersionDoc[]> =>
      versions.find({ ruleId }).sort({ version: -1 }).limit(200).lean().exec(),
  }
}
