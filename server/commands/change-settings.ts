import type { Settings } from '@zhiyin/shared/api/settings'
import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { SettingsPatch } from '../settings/settings.ts'

type Deps = { settings: { update(patch: SettingsPatch): Promise<Settings> }; audit: Audit }

/** A manager changes thresholds; stages and tiers are worked out anew. */
export const changeSettings =
  ({ settings, audit }: Deps) =>
  async (actor: SignedIn, patch: SettingsPatch): Promise<Settings> => {
    const changed = await settings.update(patch)
    await audit.record({ actor, act: 'settings.changed', subject: 'settings:company', detail: { ...patch } })
    return changed
  }
