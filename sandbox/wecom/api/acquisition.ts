import { z } from 'zod'
import { countOn } from '../company/daily.ts'
import { balanceOf, quotaOf } from '../company/link-quota.ts'
import { linkMembers } from '../company/links.ts'
import { letters } from '../ids.ts'
import type { LinkRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { AGENT, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { given } from './given.ts'
import { page } from './page.ts'
import { chars, cursor, limit, seconds, userid } from './schema.ts'
import { daysBetween } from './stat-days.ts'

const base = '/cgi-bin/externalcontact/customer_acquisition'
const CHAT_KEY_MS = 30 * 60_000

const linkId = z.string().min(1)
const link_name = chars(30).min(1)
const range = z.object({
  user_list: z.array(userid).max(500).default([]),
  department_list: z.array(z.int()).default([]),
})
const priority_option = z.object({
  priority_type: z.literal([1, 2]),
  priority_userid_list: z.array(userid).max(1000).default([]),
})
const options = {
  skip_verify: z.boolean().optional(),
  priority_option: priority_option.optional(),
  mark_source: z.boolean().optional(),
}

const find = (world: World, id: string): LinkRow => known(world.store.links.get(id), 40058, 'link_id')
const head = ({ link_id, link_name: name, url, create_time }: LinkRow) => ({
  link_id,
  link_name: name,
  url,
  create_time: seconds(create_time),
})

/** Throws when people are unknown, nobody is meant, or more than 500 are behind the link. */
function checkRange(world: World, link: LinkRow): void {
  const { user_list, department_list } = link.range
  const named = [...user_list, ...(link.priority_option?.priority_userid_list ?? [])]
  for (const id of named) if (!world.store.members.has(id)) throw new ApiError(40003, id)
  for (const id of department_list) if (!world.store.departments.has(String(id))) throw new ApiError(60003, String(id))
  const members = linkMembers(world, link)
  if (members.length === 0) throw new ApiError(40063, 'range')
  if (members.length > 500) throw new ApiError(40058, 'more than 500 members')
}

/** Acquisition links (获客助手); the 客户联系 secret may not call them. */
export const acquisition = [
  post(
    `${base}/list_link`,
    z.object({ limit: limit(100, 100), cursor }),
    (world, { limit, cursor }) => {
      const all = [...world.store.links.values()]
      const { rows, next_cursor } = page('links', all, (link) => link.link_id, cursor, limit)
      return { link_id_list: rows.map((link) => link.link_id), next_cursor }
    },
    AGENT,
  ),
  post(
    `${base}/get`,
    z.object({ link_id: linkId }),
    (world, { link_id }) => {
      const link = find(world, link_id)
      const { skip_verify, mark_source, range, priority_option } = link
      return { link: { ...head(link), skip_verify, mark_source }, range, ...given({ priority_option }) }
    },
    AGENT,
  ),
  post(
    `${base}/create_link`,
    z.object({ link_name, range, ...options }),
    (world, asked) => {
      if (world.store.links.size >= world.rates.limits().acquisitionLinks) throw new ApiError(41095)
      const link_id = `cawcde${letters(26)}`
      const link: LinkRow = {
        link_id,
        link_name: asked.link_name,
        url: `https://work.weixin.qq.com/ca/${link_id}`,
        range: asked.range,
        skip_verify: asked.skip_verify ?? true,
        mark_source: asked.mark_source ?? true,
        adds: 0,
        unavailable: false,
        create_time: world.clock.now(),
        ...given({ priority_option: asked.priority_option }),
      }
      checkRange(world, link)
      world.store.links.set(link_id, link)
      return { link: head(link) }
    },
    AGENT,
  ),
  post(
    `${base}/update_link`,
    z.object({ link_id: linkId, link_name: link_name.optional(), range: range.optional(), ...options }),
    (world, asked) => {
      const link: LinkRow = { ...find(world, asked.link_id), ...given(asked) }
      checkRange(world, link)
      world.store.links.set(link.link_id, link)
      return {}
    },
    AGENT,
  ),
  post(
    `${base}/delete_link`,
    z.object({ link_id: linkId }),
    (world, { link_id }) => {
      find(world, link_id)
      world.store.links.delete(link_id)
      return {}
    },
    AGENT,
  ),
  post(
    `${base}/customer`,
    z.object({ link_id: linkId, limit: limit(1000, 1000), cursor }),
    (world, { link_id, limit, cursor }) => {
      find(world, link_id)
      const all = [...world.store.linkCustomers.values()].filter((one) => one.link_id === link_id)
      const key = (one: (typeof all)[number]): string => `${one.external_userid} ${one.userid}`
      const { rows, next_cursor } = page(`link ${link_id}`, all, key, cursor, limit)
      const customer_list = rows.map(({ external_userid, userid: member, state, said }) => ({
        external_userid,
        userid: member,
        chat_status: said > 0 ? 1 : 0,
        state,
      }))
      return { customer_list, next_cursor }
    },
    AGENT,
  ),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/externalcontact/customer_acquisition_quota',
    secrets: AGENT,
    input: z.object({}),
    handle(world) {
      const quota = quotaOf(world)
      const parts = quota.parts.filter((part) => part.expire > world.clock.now())
      const quota_list = parts.map((part) => ({ expire_date: seconds(part.expire), balance: part.balance }))
      return { total: quota.total, balance: balanceOf(world, quota), quota_list }
    },
  }),
  post(
    `${base}/statistic`,
    z.object({ link_id: linkId, start_time: z.int(), end_time: z.int() }),
    (world, { link_id, start_time, end_time }) => {
      find(world, link_id)
      const days = daysBetween(world, start_time, end_time)
      const sum = (what: 'clicks' | 'came'): number =>
        days.reduce((total, day) => total + countOn(world, day, what, link_id), 0)
      return { click_link_customer_cnt: sum('clicks'), new_customer_cnt: sum('came') }
    },
    AGENT,
  ),
  post(
    `${base}/get_chat_info`,
    z.object({ chat_key: z.string().min(1) }),
    (world, { chat_key }) => {
      const chat = world.store.chatKeys.get(chat_key)
      if (!chat || world.clock.now() - chat.at > CHAT_KEY_MS) throw new ApiError(40058, 'chat_key')
      const { userid: member, external_userid, link_id, state, said } = chat
      return { userid: member, external_userid, chat_info: { recv_msg_cnt: said, link_id, state } }
    },
    AGENT,
  ),
]
