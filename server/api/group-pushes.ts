import { groupPushes } from '@zhiyin/shared/api/group-pushes'
import { pushPlans } from '@zhiyin/shared/api/push-plans'
import type { Audit } from '../audit/audit.ts'
import { planPush } from '../commands/plan-push.ts'
import { pushToGroups } from '../commands/push-to-groups.ts'
import type { PushRoom } from '../groups/push-room.ts'
import type { Looking } from '../privacy/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = { pushes: PushRoom; look: Pick<Looking, 'masked'>; audit: Audit }

/** Contents to groups: now, and by plans. */
export const groupPushesApi = ({ pushes, look, audit }: Deps): Bound[] => {
  const push = pushToGroups({ pushes, audit })
  const plan = planPush({ plans: pushes.plans, audit })
  return [
    bind(groupPushes.push, ({ actor, body }) => push(actor, body)),
    bind(groupPushes.list, ({ query }) => pushes.results.list(query)),
    bind(groupPushes.one, async ({ params }) => look.masked(await pushes.results.one(params.id))),
    bind(pushPlans.list, async () => ({ items: await pushes.plans.list() })),
    bind(pushPlans.calendar, async ({ query: { from, days } }) => ({ items: await pushes.calendar(from, days) })),
    bind(pushPlans.preview, ({ body: { planId, ...input } }) => pushes.preview(input, planId)),
    bind(pushPlans.one, ({ params }) => pushes.plans.one(params.id)),
    bind(pushPlans.create, ({ actor, body: { key, ...input } }) => plan.create(actor, key, input)),
    bind(pushPlans.update, ({ actor, params, body: { rev, ...input } }) => plan.update(actor, params.id, rev, input)),
    bind(pushPlans.setOn, ({ actor, params, body }) => plan.setOn(actor, params.id, body.on)),
    bind(pushPlans.waiting, async ({ params }) => ({ sends: await pushes.plans.waiting(params.id) })),
    bind(pushPlans.remove, async ({ actor, params }) => {
      await plan.remove(actor, params.id)
      return { ok: true as const }
    }),
  ]
}
