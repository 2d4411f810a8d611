import { ContentBody, type Variant } from '@zhiyin/shared/content'
import { tiers } from '@zhiyin/shared/tier'
import type { Mongo } from '../platform/mongo.ts'
import { contentModel, versionId, versionModel } from './contents.model.ts'

const bodyOf = (record: unknown, tier: string): unknown =>
  typeof record === 'object' && record !== null ? Object.entries(record).find(([key]) => key === tier)?.[1] : undefined

/** The record of bodies by tier as the list it is now. */
const listOf = (record: unknown): Variant[] =>
  tiers.flatMap((tier) => {
    const body = bodyOf(record, tier)
    return body === undefined ? [] : [{ when: { tiers: [tier] }, body: ContentBody.parse(body) }]
  })

/** Contents kept before variants were a list and versions were kept get both. Safe to run again and side by side. */
export const upgradeContents = async ({ connection }: Pick<Mongo, 'connection'>): Promise<void> => {
  const contents = contentModel(connection)
  const versions = versionModel(connection)
  for (const doc of await contents.find({ version: { $exists: false } }).lean()) {
    const { _id, name, body, updatedAt: at, updatedBy: by } = doc
    const variants = listOf(doc.variants)
    const first = { contentId: _id, version: 1, name, body, variants, couponId: null, at, by, byId: '', approved: null }
    await versions.updateOne({ _id: versionId(_id, 1) }, { $setOnInsert: first }, { upsert: true })
    const fresh = { variants, couponId: null, folder: '', expiresAt: null, version: 1, approved: null, writerId: '' }
    await contents.updateOne({ _id, version: { $exists: false } }, { $set: fresh })
  }
}
