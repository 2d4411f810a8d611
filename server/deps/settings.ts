import { createCalendar } from '../calendar/calendar.ts'
import { createPrivacySettings } from '../privacy/settings.ts'
import { createDefinitions } from '../profile/definitions.ts'
import { createSettings } from '../settings/settings.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Later } from './rooms.ts'

/** Settings of the company, and the definitions every customer is worked out by. */
export const joinSettings = ({ log, clock, zone, mongo, tagsRead }: Base & Reads, later: Later) => {
  const calendar = createCalendar({ mongo, clock, log })
  const settings = createSettings({
    mongo,
    clock,
    timezone: zone,
    onChange: () => later().profile.recompute.want(),
    onGroupTiers: () => later().groups.tiers.ruleChanged(),
  })
  const privacySettings = createPrivacySettings({ mongo, clock, onGrants: () => later().profile.recompute.want() })
  const definitions = createDefinitions({
    clock,
    parts: async () => {
      const { stages } = await settings.fresh()
      return {
        stages,
        schemes: await later().tiers.definitions(),
        attributes: await later().attributes.definitions(),
        tagRules: await later().tagRules.definitions(),
        tags: await tagsRead.terms(),
        segments: await later().segments.rules(),
        zone,
        profilingNeedsGrant: (await privacySettings.fresh()).needsGrant.profiling,
      }
    },
  })
  return { calendar, settings, privacySettings, definitions }
}

export type Settings = ReturnType<typeof joinSettings>
