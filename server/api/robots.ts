import { robots as endpoints, type Robot } from '@zhiyin/shared/api/robots'
import { robotPerMinute } from '@zhiyin/shared/robot'
import { onRobot } from '../commands/on-robot.ts'
import type { RobotItem, Robots } from '../groups/robots.ts'
import { bind, type Bound } from './bind.ts'

const presentRobot = ({ disabled, restUntil, ...rest }: RobotItem): Robot => ({
  ...rest,
  state: disabled !== null ? 'disabled' : restUntil !== null ? 'resting' : 'ok',
  because: disabled,
  restUntil: restUntil?.toISOString() ?? null,
  perMinute: robotPerMinute,
})

type Deps = Parameters<typeof onRobot>[0] & { robots: Robots }

export const robotsApi = ({ robots, audit }: Deps): Bound[] => {
  const act = onRobot({ robots, audit })
  return [
    bind(endpoints.list, async () => ({ items: (await robots.list()).map(presentRobot) })),
    bind(endpoints.send, async ({ actor, params, body: { key, message } }) => ({
      intentId: await act.send(actor, params.id, key, message),
    })),
    bind(endpoints.sent, ({ params }) => robots.sent(params.id)),
    bind(endpoints.test, async ({ actor, params, body }) => ({ intentId: await act.test(actor, params.id, body.key) })),
  ]
}
