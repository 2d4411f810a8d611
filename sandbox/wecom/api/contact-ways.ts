import { z } from 'zod'
import { membersOf } from '../company/customers.ts'
import { hexId } from '../ids.ts'
import type { ContactWayRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { checkConclusions, Conclusions } from './conclusions.ts'
import { pairOf } from './customers.ts'
import { ANY, endpoint, post } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { given } from './given.ts'
import { page } from './page.ts'
import { chars, cursor, externalUserid, limit, says, userid } from './schema.ts'

const MAX_MEMBERS = 100
const DAY_S = 86_400
const temp = z
  .int()
  .min(1)
  .max(14 * DAY_S)
const party = z.array(z.int())
const configId = z.object({ config_id: z.string(says(41042)).min(1, says(41042)) })

/** What may be changed later. */
const changeable = {
  style: z.int(says(41039)).optional(),
  remark: chars(30).optional(),
  skip_verify: z.boolean().optional(),
  state: chars(30).optional(),
  user: z.array(userid).optional(),
  party: party.optional(),
  expires_in: temp.optional(),
  chat_expires_in: temp.optional(),
  unionid: z.string().optional(),
  conclusions: Conclusions.optional(),
  mark_source: z.boolean().optional(),
}

const added = z.object({
  ...changeable,
  type: z.union([z.literal(1), z.literal(2)], says(41037)),
  scene: z.union([z.literal(1), z.literal(2)], says(41038)),
  is_temp: z.boolean().default(false),
  is_exclusive: z.boolean().default(false),
})

const qrCode = (world: World, way: ContactWayRow): string => `${world.addresses.url}/qr/${way.config_id}.svg`

function shown(world: World, way: ContactWayRow) {
  const { create_time: _made, scans: _scans, ...rest } = way
  return way.scene === 2 ? { ...rest, qr_code: qrCode(world, way) } : rest
}

function find(world: World, id: string): ContactWayRow {
  const way = world.store.contactWays.get(id)
  if (!way) throw new ApiError(41044)
  return way
}

/** Throws when the members are unknown, too many, none, or more than one for a single-person way. */
function checkMembers(world: World, type: number, user: string[], parties: number[]): void {
  for (const id of user) if (!world.store.members.has(id)) throw new ApiError(40003, id)
  for (const id of parties) if (!world.store.departments.has(String(id))) throw new ApiError(60003, String(id))
  for (const id of user) if (world.store.members.get(id)?.status !== 1) throw new ApiError(41054, id)
  if (type === 1 && (user.length !== 1 || parties.length > 0))
    throw new ApiError(40058, 'type 1 takes exactly one user and no party')
  const members = membersOf(world, { user, party: parties })
  if (members.length === 0) throw new ApiError(40063, 'user')
  if (members.length > MAX_MEMBERS) throw new ApiError(41041)
}

/** Contact ways (联系我): QR codes and plugins. */
export const contactWays = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/add_contact_way',
    secrets: ANY,
    input: added,
    handle(world, { style, expires_in, chat_expires_in, unionid, conclusions, ...asked }) {
      const user = asked.user ?? []
      const parties = asked.party ?? []
      checkMembers(world, asked.type, user, parties)
      checkConclusions(world, conclusions)
      if (asked.is_temp && asked.type !== 1) throw new ApiError(40058, 'is_temp needs type 1')
      if (world.store.contactWays.size + world.store.joinWays.size >= world.rates.limits().contactWays)
        throw new ApiError(41045)
      const way: ContactWayRow = {
        config_id: hexId(),
        type: asked.type,
        scene: asked.scene,
        remark: asked.remark ?? '',
        skip_verify: asked.skip_verify ?? true,
        state: asked.state ?? '',
        user,
        party: parties,
        is_temp: asked.is_temp,
        is_exclusive: asked.is_exclusive,
        mark_source: asked.mark_source ?? true,
        create_time: world.clock.now(),
        scans: 0,
        ...given({ style, unionid, conclusions }),
        ...(asked.is_temp ? { expires_in: expires_in ?? 7 * DAY_S, chat_expires_in: chat_expires_in ?? DAY_S } : {}),
      }
      world.store.contactWays.set(way.config_id, way)
      return way.scene === 2 ? { config_id: way.config_id, qr_code: qrCode(world, way) } : { config_id: way.config_id }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/get_contact_way',
    secrets: ANY,
    input: configId,
    handle: (world, { config_id }) => ({ contact_way: shown(world, find(world, config_id)) }),
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/list_contact_way',
    secrets: ANY,
    input: z.object({ start_time: z.int().optional(), end_time: z.int().optional(), cursor, limit: limit(100, 1000) }),
    handle(world, { start_time, end_time, cursor, limit }) {
      const to = end_time ?? world.clock.seconds()
      const from = start_time ?? to - 90 * DAY_S
      const ways = [...world.store.contactWays.values()].filter((way) => {
        const made = Math.floor(way.create_time / 1000)
        return !way.is_temp && made >= from && made <= to
      })
      const { rows, next_cursor } = page('contact_way', ways, (way) => way.config_id, cursor, limit)
      return { contact_way: rows.map(({ config_id }) => ({ config_id })), next_cursor }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/update_contact_way',
    secrets: ANY,
    input: configId.extend(changeable),
    handle(world, { config_id, ...asked }) {
      const way = find(world, config_id)
      checkConclusions(world, asked.conclusions)
      if (asked.user !== undefined || asked.party !== undefined) {
        checkMembers(world, way.type, asked.user ?? way.user, asked.party ?? way.party)
      }
      world.store.contactWays.set(config_id, { ...way, ...given(asked) })
      return {}
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/del_contact_way',
    secrets: ANY,
    input: configId,
    handle(world, { config_id }) {
      find(world, config_id)
      world.store.contactWays.delete(config_id)
      return {}
    },
  }),
  post(
    '/cgi-bin/externalcontact/close_temp_chat',
    z.object({ userid, external_userid: externalUserid }),
    (world, asked, call) => {
      pairOf(world, asked.userid, asked.external_userid, call)
      return {}
    },
  ),
]
