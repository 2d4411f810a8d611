import type { ContentSettings } from '@zhiyin/shared/content'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { contentSettingsModel } from './contents.model.ts'

const one = { _id: 'contents' }
/** Every process sees a change within this. */
const freshMs = 1000

/** Whether only approved versions are sent. */
export const createApproval = ({ mongo, clock }: { mongo: Mongo; clock: Clock }) => {
  const model = contentSettingsModel(mongo.connection)
  let kept: { readonly at: number; readonly settings: ContentSettings } | null = null
  const get = async (): Promise<ContentSettings> => {
    if (kept !== null && Math.abs(clock.now() - kept.at) < freshMs) return kept.settings
    const doc = await model.findOne(one).lean()
    const settings = { approval: doc?.approval ?? false }
    kept = { at: clock.now(), settings }
    return settings
  }
  return {
    get,
    async set({ approval }: ContentSettings): Promise<ContentSettings> {
      await model.updateOne(one, { $set: { approval } }, { upsert: true })
      kept = null
      return { approval }
    },
  }
}
