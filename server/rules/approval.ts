import { Schema, type Connection, type Model } from 'mongoose'
import type { Review, RuleSettings, Running } from '@zhiyin/shared/rule-version'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { ruleVersionModel, type RuleVersionDoc } from './rules.model.ts'

/** Whoever asks, approves or writes: a name may be two people's. */
export type By = { readonly name: string; readonly id: string }

type SettingsDoc = { _id: string; approval: boolean }
const settingsSchema = new Schema<SettingsDoc>(
  { _id: { type: String, required: true }, approval: { type: Boolean, required: true } },
  { collection: 'rulesettings', versionKey: false },
)
const settingsModel = (connection: Connection): Model<SettingsDoc> =>
  connection.model<SettingsDoc>('RuleSettings', settingsSchema)
const one = { _id: 'rules' }

/** Whether a version takes customers in only when a second person has approved it, and what became of those asked about. */
export const createApproval = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const settings = settingsModel(mongo.connection)
  const versions = ruleVersionModel(mongo.connection)

  const newest = async (ruleId: string, version: number): Promise<RuleVersionDoc> => {
    const [found] = await versions.find({ ruleId }).sort({ version: -1 }).limit(1).lean()
    if (found?.version !== version) throw new AppError('conflict.changed', { status: 409 })
    return found
  }

  return {
    async settings(): Promise<RuleSettings> {
      return { approval: (await settings.findOne(one).lean())?.approval ?? false }
    },
    async setSettings({ approval }: RuleSettings): Promise<RuleSettings> {
      await settings.updateOne(one, { $set: { approval } }, { upsert: true })
      return { approval }
    },
    /** `running`: what becomes of those under way when it is approved while the rule is on. Throws conflict.changed where it is not the newest. */
    async ask(ruleId: string, version: number, by: By, running: Running, words: string): Promise<void> {
      const { _id } = await newest(ruleId, version)
      const review: Review = {
        state: 'asked',
        askedBy: by.name,
        askedAt: clock.date().toISOString(),
        running,
        words,
        answer: null,
      }
      await versions.updateOne({ _id }, { $set: { review, askedById: by.id } })
    },
    /** Answers what was asked. Throws rule.own_approval for who wrote or asked, rule.not_asked, conflict.changed. */
    async decide(ruleId: string, version: number, by: By, yes: boolean, words: string): Promise<Review> {
      const { _id, review, savedById, askedById } = await newest(ruleId, version)
      if (review?.state !== 'asked') throw new AppError('rule.not_asked', { status: 409 })
      if (by.id === savedById || by.id === askedById) throw new AppError('rule.own_approval', { status: 403 })
      const answer = { by: by.name, at: clock.date().toISOString(), words }
      const decided: Review = { ...review, state: yes ? 'approved' : 'rejected', answer }
      const { modifiedCount } = await versions.updateOne(
        { _id, 'review.state': 'asked' },
        { $set: { review: decided } },
      )
      if (modifiedCount === 0) throw new AppError('conflict.changed', { status: 409 })
      return decided
    },
    /** Throws rule.not_approved where approval is asked for and this version has none. */
    async must(ruleId: string, version: number): Promise<void> {
      const { approval } = (await settings.findOne(one).lean()) ?? { approval: false }
      if (!approval) return
      const found = await versions.findOne({ ruleId, version }).lean()
      if (found?.review?.state !== 'approved') throw new AppError('rule.not_approved', { status: 409 })
    },
  }
}
