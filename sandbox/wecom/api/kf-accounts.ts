import { z } from 'zod'
import { letters } from '../ids.ts'
import type { KfAccountRow } from '../store/rows-kf.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { ANY, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { bytes, userid } from './schema.ts'

const kf = '/cgi-bin/kf'
const open_kfid = z.string().min(1)
const name = z.string().min(1)
const servicers = z.object({ open_kfid, userid_list: z.array(userid).min(1).max(100) })

/** The account, or 95004. */
export function accountOf(world: World, id: string): KfAccountRow {
  return known(world.store.kfAccounts.get(id), 95004)
}

/** Adds or removes servicers, each with its own result. */
function changeServicers(world: World, asked: z.infer<typeof servicers>, add: boolean) {
  const account = accountOf(world, asked.open_kfid)
  const result_list = asked.userid_list.map((id) => {
    if (world.store.members.get(id)?.status !== 1) return { userid: id, ...failure(new ApiError(60111)) }
    if (!add && !account.servicers.includes(id)) return { userid: id, ...failure(new ApiError(95014)) }
    return { userid: id, errcode: 0, errmsg: 'ok' }
  })
  const good = result_list.flatMap((one) => (one.errcode === 0 ? [one.userid] : []))
  const rest = account.servicers.filter((id) => !good.includes(id))
  world.store.kfAccounts.set(account.open_kfid, { ...account, servicers: add ? [...rest, ...good] : rest })
  return { result_list }
}

const failure = ({ errcode, message }: ApiError) => ({ errcode, errmsg: message })

/** Accounts of 微信客服 and who serves them. */
export const kfAccounts = [
  endpoint({
    method: 'POST',
    path: `${kf}/account/list`,
    secrets: ANY,
    input: z.object({ offset: z.int().min(0).default(0), limit: z.int().min(1).max(100).default(100) }),
    handle: (world, { offset, limit }) => ({
      account_list: [...world.store.kfAccounts.values()].slice(offset, offset + limit).map((account) => ({
        open_kfid: account.open_kfid,
        name: account.name,
        avatar: account.media_id === '' ? '' : `${world.addresses.url}/media/${account.media_id}`,
      })),
    }),
  }),
  post(`${kf}/account/add`, z.object({ name, media_id: z.string().optional() }), (world, { name: title, media_id }) => {
    if (media_id !== undefined) checkMedia(world, media_id)
    const id = `wk${letters(30)}`
    world.store.kfAccounts.set(id, { open_kfid: id, name: title, media_id: media_id ?? '', servicers: [] })
    return { open_kfid: id }
  }),
  post(
    `${kf}/account/update`,
    z.object({ open_kfid, name: name.optional(), media_id: z.string().optional() }),
    (world, asked) => {
      const old = accountOf(world, asked.open_kfid)
      if (asked.media_id !== undefined) checkMedia(world, asked.media_id)
      const changed = { ...old, name: asked.name ?? old.name, media_id: asked.media_id ?? old.media_id }
      world.store.kfAccounts.set(old.open_kfid, changed)
      return {}
    },
  ),
  post(`${kf}/account/del`, z.object({ open_kfid }), (world, asked) => {
    world.store.kfAccounts.delete(accountOf(world, asked.open_kfid).open_kfid)
    return {}
  }),
  post(
    `${kf}/add_contact_way`,
    z.object({
      open_kfid,
      scene: bytes(32)
        .regex(/^[\w-]*$/)
        .optional(),
    }),
    (world, asked) => {
      accountOf(world, asked.open_kfid)
      const scene = asked.scene === undefined ? '' : `?enc_scene=${asked.scene}`
      return { url: `https://work.weixin.qq.com/kfid/${asked.open_kfid}${scene}` }
    },
  ),
  post(`${kf}/servicer/add`, servicers, (world, asked) => changeServicers(world, asked, true)),
  post(`${kf}/servicer/del`, servicers, (world, asked) => changeServicers(world, asked, false)),
  endpoint({
    method: 'GET',
    path: `${kf}/servicer/list`,
    secrets: ANY,
    input: z.object({ open_kfid }),
    handle: (world, asked) => ({
      servicer_list: accountOf(world, asked.open_kfid).servicers.map((id) => ({ userid: id, status: 0 })),
    }),
  }),
  post(
    `${kf}/customer/batchget`,
    z.object({ external_userid_list: z.array(z.string()).min(1).max(100) }),
    (world, { external_userid_list }) => {
      const people = external_userid_list.map((id) => ({ id, customer: world.store.customers.get(id) }))
      return {
        customer_list: people.flatMap(({ id, customer }) => {
          if (!customer) return []
          const { name: nickname, gender, unionid } = customer
          const avatar = customer.avatar === '' ? `${world.addresses.url}/avatar/${id}.svg` : customer.avatar
          return [{ external_userid: id, nickname, avatar, gender, ...(unionid === undefined ? {} : { unionid }) }]
        }),
        invalid_external_userid: people.flatMap(({ id, customer }) => (customer ? [] : [id])),
      }
    },
  ),
]
