import { createAudience } from './push-audience.ts'
import { createPushCalendar } from './push-calendar.ts'
import { createPushFire } from './push-fire.ts'
import { createPushPlans, type PushPlansDeps } from './push-plans.ts'
import { createPushPreview, type PreviewDeps } from './push-preview.ts'
import { createPushResults, type ResultsDeps } from './push-results.ts'
import { upgradePushes } from './push-upgrade.ts'
import { createPush, type PushDeps } from './push.ts'
import type { Log } from '../platform/log.ts'

type Own = 'audience' | 'push' | 'plans'
export type PushRoomDeps = PushDeps & ResultsDeps & Omit<PushPlansDeps, Own> & Omit<PreviewDeps, Own> & { log: Log }

/** Contents to groups: at once by hand, or by plans; what is to come and what became of it. */
export const createPushRoom = (deps: PushRoomDeps) => {
  const audience = createAudience(deps.mongo)
  const push = createPush(deps)
  const plans = createPushPlans({ ...deps, audience, push })
  const fire = createPushFire({ ...deps, audience, push })
  const results = createPushResults(deps)
  return {
    push: async (ask: Parameters<typeof push.push>[0]) => {
      await deps.freshTiers(ask.groupIds)
      return results.summary(await push.push(ask))
    },
    results,
    plans,
    preview: createPushPreview({ ...deps, audience, plans }),
    calendar: createPushCalendar({ ...deps, audience, plans }),
    upgrade: () => upgradePushes(deps.mongo, deps.clock),
    sweep: fire.sweep,
    backlog: fire.backlog,
  }
}

export type PushRoom = ReturnType<typeof createPushRoom>
