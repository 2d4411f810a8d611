import { z } from 'zod'
import { openidOf, pendingIdOf } from '../company/openids.ts'
import type { CustomerRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { ANY, endpoint, EVERY, post, type Endpoint } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { externalUserid, says, userid } from './schema.ts'

const unionid = z.string(says(610014)).regex(/^[\w-]{1,64}$/, says(610014))

/** The customer of that unionid, if anybody of the company knows him. */
function customerOf(world: World, id: string): CustomerRow | undefined {
  const customer = [...world.store.customers.values()].find((one) => one.unionid === id)
  return customer && world.relations.ofCustomer(customer.external_userid).length > 0 ? customer : undefined
}

/** Ids of one kind into another (ID转换). */
export const idConversion: Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/idconvert/unionid_to_external_userid',
    secrets: ANY,
    rate: (limits) => ({ hour: limits.unionidPerHour, day: limits.unionidPerDay, month: limits.unionidPerMonth }),
    input: z.object({ unionid, openid: z.string().min(1), subject_type: z.literal([0, 1]).default(0) }),
    handle(world, asked) {
      const customer = customerOf(world, asked.unionid)
      if (customer) return { external_userid: customer.external_userid }
      return { pending_id: pendingIdOf(world.options.corpId, asked.unionid) }
    },
  }),
  post(
    '/cgi-bin/externalcontact/unionid_to_external_userid',
    z.object({ unionid, openid: z.string().optional() }),
    (world, asked) => ({ external_userid: known(customerOf(world, asked.unionid), 610004).external_userid }),
  ),
  post('/cgi-bin/externalcontact/convert_to_openid', z.object({ external_userid: externalUserid }), (world, asked) => {
    known(world.store.customers.get(asked.external_userid), 40096)
    if (world.relations.ofCustomer(asked.external_userid).length === 0) throw new ApiError(84061)
    return { openid: openidOf(world.options.corpId, asked.external_userid) }
  }),
  post(
    '/cgi-bin/user/convert_to_openid',
    z.object({ userid }),
    (world, asked) => {
      known(world.store.members.get(asked.userid), 60111)
      return { openid: openidOf(world.options.corpId, asked.userid) }
    },
    EVERY,
  ),
  post(
    '/cgi-bin/user/convert_to_userid',
    z.object({ openid: z.string().min(1) }),
    (world, { openid }) => {
      const member = [...world.store.members.keys()].find((id) => openidOf(world.options.corpId, id) === openid)
      return { userid: known(member, 60111) }
    },
    EVERY,
  ),
]

const THIRD_PARTY = [
  '/cgi-bin/externalcontact/get_new_external_userid',
  '/cgi-bin/externalcontact/groupchat/get_new_external_userid',
  '/cgi-bin/externalcontact/to_service_external_userid',
  '/cgi-bin/batch/userid_to_openuserid',
  '/cgi-bin/batch/openuserid_to_userid',
  '/cgi-bin/idconvert/external_tagid',
  '/cgi-bin/idconvert/open_kfid',
  '/cgi-bin/idconvert/convert_tmp_external_userid',
]

/** Calls of third-party and 代开发 apps only: a self-built app's token is refused (48002). */
export const thirdParty = THIRD_PARTY.map((path) => post(path, z.object({}), () => ({}), []))
