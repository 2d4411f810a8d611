import type { Settings } from '@zhiyin/shared/api/settings'
import { GroupTierRule } from '@zhiyin/shared/group-tier'
import { SendLimits } from '@zhiyin/shared/intent'
import { StageSettings } from '@zhiyin/shared/stage'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { storedLimits } from './stored-limits.ts'
import { settingsModel, type SettingsDoc } from './settings.model.ts'

const one = { _id: 'settings' }
/** How old an answer may be; every process sees a change within this. */
const cacheMs = 2_000

export type SettingsPatch = Partial<Omit<Settings, 'timezone'>>
export type SettingsStore = ReturnType<typeof createSettings>

type Deps = {
  mongo: Mongo
  clock: Clock
  timezone: string
  /** Called after a change of stages has been stored. */
  onChange: () => Promise<void>
  /** Called after a change of how groups get their tier has been stored. */
  onGroupTiers?: () => Promise<unknown>
}

/** The company's thresholds: what a manager set, over the defaults. */
export const createSettings = ({ mongo, clock, timezone, onChange, onGroupTiers = async () => undefined }: Deps) => {
  const model = settingsModel(mongo.connection)
  let cached: { readonly at: number; readonly settings: Promise<Settings> } | null = null

  const load = async (): Promise<Settings> => {
    const doc = await model.findOne(one).lean<SettingsDoc | null>()
    return {
      stages: StageSettings.parse(doc?.stages ?? {}),
      limits: SendLimits.parse(storedLimits(doc?.limits)),
      groupTiers: GroupTierRule.parse(doc?.groupTiers ?? {}),
      timezone,
    }
  }

  const fresh = (): Promise<Settings> => {
    const settings = load()
    cached = { at: clock.now(), settings }
    settings.catch(() => {
      cached = null
    })
    return settings
  }

  return {
    /** At most 2 s old. */
    get: (): Promise<Settings> =>
      cached !== null && Math.abs(clock.now() - cached.at) < cacheMs ? cached.settings : fresh(),
    /** As they stand now. */
    fresh,
    /** The thresholds of RFM as they were kept here before there were tier schemes, until they are taken over. */
    formerTiers: {
      read: async (): Promise<unknown> => (await model.findOne(one).lean<SettingsDoc | null>())?.tiers,
      taken: async (): Promise<void> => {
        await model.updateOne({ ...one, tiers: { $exists: true } }, { $unset: { tiers: 1 } })
      },
    },
    /** Replaces the parts given; answers all of them. */
    async update(patch: SettingsPatch): Promise<Settings> {
      const parts = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
      await model.updateOne(one, { $set: { ...parts, updatedAt: clock.date() } }, { upsert: true })
      const settings = await fresh()
      if (patch.stages !== undefined) await onChange()
      if (patch.groupTiers !== undefined) await onGroupTiers()
      return settings
    },
  }
}
