import type { z } from 'zod'
import { activeMembers } from '../company/members.ts'
import type { World } from '../world.ts'
import { State } from './contract.ts'

/** What GET /sandbox/api/state answers; avatars and QR codes are full addresses. */
export function stateOf(world: World): z.output<typeof State> {
  const { store, addresses } = world
  const avatar = (own: string, id: string): string => (own === '' ? `${addresses.url}/avatar/${id}.svg` : own)
  return State.parse({
    corpId: world.options.corpId,
    now: world.clock.now(),
    members: activeMembers(world).map((one) => ({ ...one, avatar: avatar(one.avatar, one.userid) })),
    customers: [...store.customers.values()].map((one) => ({
      ...one,
      avatar: avatar(one.avatar, one.external_userid),
    })),
    relations: [...world.relations.all()],
    groups: [...store.groups.values()],
    contactWays: [...store.contactWays.values()].map((one) => ({
      ...one,
      qr_code: `${addresses.url}/qr/${one.config_id}.svg`,
    })),
    joinWays: [...store.joinWays.values()].map((one) => ({
      ...one,
      qr_code: `${addresses.url}/qr/${one.config_id}.svg`,
    })),
    departments: [...store.departments.values()],
    tags: [...store.tags.values()]
      .filter((tag) => !tag.deleted)
      .map((tag) => ({ id: tag.id, name: tag.name, group: store.tagGroups.get(tag.group_id)?.name ?? '' })),
    app: { agentId: world.options.agentId, ...world.settings() },
    webviewUrl: addresses.webviewUrl,
  })
}
