import { z } from 'zod'
import { hexId } from '../ids.ts'
import type { JoinWayRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { chars, flag, says } from './schema.ts'

const base = '/cgi-bin/externalcontact/groupchat'
const configId = z.string(says(41042)).min(1, says(41042))
const fields = z.object({
  scene: z.literal([1, 2]),
  remark: chars(30).default(''),
  auto_create_room: flag.default(1),
  room_base_name: chars(40).default(''),
  room_base_id: z.int().min(0).default(1),
  chat_id_list: z.array(z.string()).min(1).max(5, says(41091)),
  state: chars(30).default(''),
  mark_source: z.boolean().default(true),
})

function checkGroups(world: World, chats: string[]): void {
  for (const id of chats) if (world.store.groups.get(id)?.kind !== 'customer') throw new ApiError(90501, id)
}

function find(world: World, id: string): JoinWayRow {
  return known(world.store.joinWays.get(id), 41044)
}

/** Group join ways (加入群聊): a code that leads into the first group of its list with room. */
export const joinWays = [
  post(`${base}/add_join_way`, fields, (world, asked) => {
    checkGroups(world, asked.chat_id_list)
    const { joinWays, contactWays } = world.store
    if (joinWays.size + contactWays.size >= world.rates.limits().contactWays) throw new ApiError(41045)
    const way: JoinWayRow = { config_id: hexId(), ...asked, made: [], create_time: world.clock.now() }
    joinWays.set(way.config_id, way)
    return { config_id: way.config_id }
  }),
  post(`${base}/get_join_way`, z.object({ config_id: configId }), (world, { config_id }) => {
    const { made: _made, create_time: _at, ...way } = find(world, config_id)
    return { join_way: { ...way, qr_code: `${world.addresses.url}/qr/${config_id}.svg` } }
  }),
  post(`${base}/update_join_way`, fields.extend({ config_id: configId }), (world, asked) => {
    const old = find(world, asked.config_id)
    checkGroups(world, asked.chat_id_list)
    world.store.joinWays.set(old.config_id, { ...old, ...asked, made: [] })
    return {}
  }),
  post(`${base}/del_join_way`, z.object({ config_id: configId }), (world, { config_id }) => {
    find(world, config_id)
    world.store.joinWays.delete(config_id)
    return {}
  }),
]
