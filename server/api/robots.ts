import { pushPlans as planEndpoints, type PushPlan } from '@zhiyin/shared/api/push-plans'
import { robots as endpoints, type Robot } from '@zhiyin/shared/api/robots'
import { robotPerMinute } from '@zhiyin/shared/robot'
import { onRobot } from '../commands/on-robot.ts'
import { planPush } from '../commands/plan-push.ts'
import type { PushPlanItem, PushPlans } from '../groups/push-plans.ts'
import type { RobotItem, Robots } from '../groups/robots.ts'
import { bind, type Bound } from './bind.ts'

const presentRobot = ({ disabled, restUntil, ...rest }: RobotItem): Robot => ({
  ...rest,
  state: disabled !== null ? 'disabled' : restUntil !== null ? 'resting' : 'ok',
  because: disabled,
  restUntil: restUntil?.toISOString() ?? null,
  perMinute: robotPerMinute,
})

const presentPlan = ({ nextAt, lastAt, ...rest }: PushPlanItem): PushPlan => ({
  ...rest,
  nextAt: nextAt?.toISOString() ?? null,
  lastAt: lastAt?.toISOString() ?? null,
})

type Deps = Parameters<typeof onRobot>[0] & { robots: Robots; pushPlans: PushPlans }

export const robotsApi = ({ robots, pushPlans, audit }: Deps): Bound[] => {
  const act = onRobot({ robots, audit })
  const plan = planPush({ pushPlans, audit })
  return [
    bind(endpoints.list, async () => ({ items: (await robots.list()).map(presentRobot) })),
    bind(endpoints.send, async ({ actor, params, body: { key, message } }) => ({
      intentId: await act.send(actor, params.id, key, message),
    })),
    bind(endpoints.sent, ({ params }) => robots.sent(params.id)),
    bind(endpoints.test, async ({ actor, params, body }) => ({ intentId: await act.test(actor, params.id, body.key) })),
    bind(planEndpoints.list, async () => ({ items: (await pushPlans.list()).map(presentPlan) })),
    bind(planEndpoints.create, async ({ actor, body }) => presentPlan(await plan.create(actor, body))),
    bind(planEndpoints.setOn, async ({ actor, params, body }) =>
      presentPlan(await plan.setOn(actor, params.id, body.on)),
    ),
    bind(planEndpoints.remove, async ({ actor, params }) => {
      await plan.remove(actor, params.id)
      return { ok: true as const }
    }),
  ]
}
