import { groups as endpoints } from '@zhiyin/shared/api/groups'
import { changeGroup } from '../commands/change-group.ts'
import type { Groups } from '../groups/groups.ts'
import { hasRole, scopeOf, within, type SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof changeGroup>[0] & { groups: Groups }

export const groupsApi = ({ groups, audit }: Deps): Bound[] => {
  const change = changeGroup({ groups, audit })
  const { look } = groups

  /** Internal groups have no owner; managers see them. A group that is not theirs is none. */
  const own = async (actor: SignedIn, id: string) => {
    const group = await look.load(id)
    const internal = group.kind === 'internal' && hasRole(actor, 'manager')
    if (!internal && !within(scopeOf(actor), group.owner)) throw notFound('group', id)
    return group
  }

  return [
    bind(endpoints.list, async () => ({ items: await groups.list() })),
    bind(endpoints.search, ({ actor, query: { idle, ...query } }) =>
      groups.search({
        ...query,
        idle: idle === '1',
        scope: { owners: scopeOf(actor), internal: hasRole(actor, 'manager') },
      }),
    ),
    bind(endpoints.tags, async () => ({ items: await groups.labels.all() })),
    bind(endpoints.one, async ({ actor, params }) => look.detail(await own(actor, params.id), scopeOf(actor))),
    bind(endpoints.members, async ({ actor, params, query }) =>
      look.members(await own(actor, params.id), query, scopeOf(actor)),
    ),
    bind(endpoints.timeline, async ({ actor, params, query }) =>
      look.timeline(await own(actor, params.id), query, scopeOf(actor)),
    ),
    bind(endpoints.refresh, async ({ actor, params }) => {
      const { chatId } = await own(actor, params.id)
      if (chatId !== null) await groups.refresh(chatId)
      return look.detail(await look.load(params.id), scopeOf(actor))
    }),
    bind(endpoints.activity, ({ actor }) => groups.activity(scopeOf(actor))),
    bind(endpoints.sync, ({ actor }) => change.sync(actor)),
    bind(endpoints.addInternal, ({ actor, body }) => change.addInternal(actor, body)),
    bind(endpoints.setRobot, ({ actor, params, body }) => change.setRobot(actor, params.id, body.webhook)),
    bind(endpoints.setTier, async ({ actor, params, body }) => {
      await own(actor, params.id)
      return look.row(await change.setTier(actor, params.id, body.tier))
    }),
    bind(endpoints.setTags, async ({ actor, params, body }) => {
      await own(actor, params.id)
      return change.setTags(actor, params.id, body.tags)
    }),
  ]
}
