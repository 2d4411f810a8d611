import { settings as endpoints, type Settings } from '@zhiyin/shared/api/settings'
import { changeSettings } from '../commands/change-settings.ts'
import type { SettingsPatch } from '../settings/settings.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof changeSettings>[0] & { settings: { fresh(): Promise<Settings> } }

const without = (patch: { [K in keyof SettingsPatch]: SettingsPatch[K] | undefined }): SettingsPatch => ({
  ...(patch.stages === undefined ? {} : { stages: patch.stages }),
  ...(patch.limits === undefined ? {} : { limits: patch.limits }),
})

export const settingsApi = (deps: Deps): Bound[] => {
  const change = changeSettings(deps)
  return [
    bind(endpoints.get, () => deps.settings.fresh()),
    bind(endpoints.update, ({ actor, body }) => change(actor, without(body))),
  ]
}
