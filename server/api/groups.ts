import { groups as endpoints, type GroupPush } from '@zhiyin/shared/api/groups'
import { changeGroup } from '../commands/change-group.ts'
import { pushToGroups } from '../commands/push-to-groups.ts'
import type { Groups } from '../groups/groups.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof changeGroup>[0] & { groups: Groups }
type PushItem = Awaited<ReturnType<Groups['push']>>

const presentPush = ({ at, ...rest }: PushItem): GroupPush => ({ ...rest, at: at.toISOString() })

export const groupsApi = ({ groups, audit }: Deps): Bound[] => {
  const change = changeGroup({ groups, audit })
  const push = pushToGroups({ groups, audit })
  return [
    bind(endpoints.list, async () => ({ items: await groups.list() })),
    bind(endpoints.sync, async ({ actor }) => ({ items: await change.sync(actor) })),
    bind(endpoints.addInternal, ({ actor, body }) => change.addInternal(actor, body)),
    bind(endpoints.setTier, ({ actor, params, body }) => change.setTier(actor, params.id, body.tier)),
    bind(endpoints.push, async ({ actor, body: { key, contentId, groupIds, at } }) =>
      presentPush(await push(actor, { key, contentId, groupIds, at: at === undefined ? null : new Date(at) })),
    ),
    bind(endpoints.pushes, async () => ({ items: (await groups.pushes()).map(presentPush) })),
  ]
}
