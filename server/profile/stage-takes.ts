import { because, type Because } from '@zhiyin/shared/because'
import type { Stage, StageSettings } from '@zhiyin/shared/stage'
import type { Signals } from './signals.ts'
import { limitsOf } from './stage.ts'

/** What the stages somebody can come to take, in numbers; nobody wants to know how to become silent. */
export const stageTakes = (s: Signals, settings: StageSettings, stage: Stage): Because[] => {
  const { silentDays, rhythmDays } = limitsOf(s, settings)
  switch (stage) {
    case 'new':
      return [because('stage.takes_new', { limit: settings.newDays })]
    case 'active': {
      const { activeWindowDays: window, activeMinInteractions: min } = settings
      const many = because('stage.takes_active', { window, min })
      return rhythmDays === null ? [many] : [many, because('stage.takes_rhythm', { median: rhythmDays })]
    }
    case 'mature':
      return [
        because('stage.takes_mature', {
          orders: s.orders.length,
          limit: settings.newDays,
          silent: Math.round(silentDays),
        }),
      ]
    default:
      return []
  }
}
