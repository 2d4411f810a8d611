import { NeedsGrant, Retention, type PrivacySettings } from '@zhiyin/shared/privacy'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { privacyCollections } from './privacy.model.ts'

const one = { _id: 'settings' }
/** How old an answer may be; every process sees a change within this. */
const cacheMs = 2_000

type Deps = {
  mongo: Mongo
  clock: Clock
  /** Called after a change of what needs a recorded consent. */
  onGrants: () => Promise<void>
}

export type PrivacySettingsStore = ReturnType<typeof createPrivacySettings>

/** How long what is kept, and which purposes need a recorded consent: what an admin set, over the defaults. */
export const createPrivacySettings = ({ mongo, clock, onGrants }: Deps) => {
  const { settings } = privacyCollections(mongo.connection)
  let cached: { readonly at: number; readonly settings: Promise<PrivacySettings> } | null = null

  const fresh = async (): Promise<PrivacySettings> => {
    const doc = await settings.findOne(one)
    return {
      retention: Retention.parse(doc?.retention ?? {}),
      needsGrant: NeedsGrant.parse(doc?.needsGrant ?? {}),
    }
  }
  return {
    fresh,
    /** At most 2 s old. */
    get(): Promise<PrivacySettings> {
      if (cached !== null && Math.abs(clock.now() - cached.at) < cacheMs) return cached.settings
      const loaded = fresh()
      cached = { at: clock.now(), settings: loaded }
      loaded.catch(() => (cached = null))
      return loaded
    },
    /** Replaces the parts given; answers all of them. */
    async update(patch: Partial<PrivacySettings>): Promise<PrivacySettings> {
      const before = await fresh()
      await settings.updateOne(one, { $set: { ...before, ...patch } }, { upsert: true })
      cached = null
      if (patch.needsGrant !== undefined && patch.needsGrant.profiling !== before.needsGrant.profiling) await onGrants()
      return fresh()
    },
  }
}
