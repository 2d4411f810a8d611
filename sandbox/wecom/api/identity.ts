import { z } from 'zod'
import { issueTicket } from '../oauth/tickets.ts'
import { redeem, redeemUserTicket } from '../oauth/codes.ts'
import type { World } from '../world.ts'
import { AGENT, ANY, endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { issueToken } from './token.ts'
import type { Secret } from './endpoint.ts'

/** Which of our secrets this is. */
function secretOf(world: World, corpsecret: string): Secret {
  if (corpsecret === world.options.contactSecret) return 'contact'
  if (corpsecret === world.options.agentSecret) return 'agent'
  if (corpsecret === world.options.syncSecret) return 'sync'
  throw new ApiError(40001)
}

/** Tokens, tickets and who is behind an OAuth code. */
export const identity = [
  endpoint({
    method: 'GET',
    path: '/cgi-bin/gettoken',
    secrets: 'none',
    input: z.object({ corpid: z.string().min(1), corpsecret: z.string().min(1) }),
    handle(world, { corpid, corpsecret }) {
      if (corpid !== world.options.corpId) throw new ApiError(40013)
      return issueToken(world, secretOf(world, corpsecret))
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/get_jsapi_ticket',
    secrets: ANY,
    rate: (limits) => ({ hour: limits.corpTicketsPerHour }),
    input: z.object({}),
    handle: (world) => issueTicket(world, 'config'),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/ticket/get',
    secrets: AGENT,
    rate: (limits) => ({ hour: limits.appTicketsPerHour }),
    input: z.object({ type: z.string().optional() }),
    handle(world, { type }) {
      if (type !== 'agent_config') throw new ApiError(91040)
      return issueTicket(world, 'agentConfig')
    },
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    secrets: ANY,
    input: z.object({}),
    handle: () => ({ ip_list: ['127.0.0.1', '::1'] }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/get_api_domain_ip',
    secrets: ANY,
    input: z.object({}),
    handle: () => ({ ip_list: ['127.0.0.1', '::1'] }),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/auth/getuserinfo',
    secrets: AGENT,
    input: z.object({ code: z.string().min(1) }),
    handle: (world, { code }) => redeem(world, code),
  }),
  endpoint({
    method: 'GET',
    path: '/cgi-bin/user/getuserinfo',
    secrets: AGENT,
    input: z.object({ code: z.string().min(1) }),
    handle(world, { code }) {
      const { userid, ...rest } = redeem(world, code)
      return { UserId: userid, DeviceId: '', ...rest }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/cgi-bin/auth/getuserdetail',
    secrets: AGENT,
    input: z.object({ user_ticket: z.string().min(1) }),
    handle(world, { user_ticket }) {
      const member = world.store.members.get(redeemUserTicket(world, user_ticket))
      if (!member) throw new ApiError(60111)
      return {
        userid: member.userid,
        gender: String(member.gender),
        avatar: member.avatar === '' ? `${world.addresses.url}/avatar/${member.userid}.svg` : member.avatar,
        qr_code: `${world.addresses.url}/qr/member-${member.userid}.svg`,
        mobile: '',
        email: '',
        biz_mail: `${member.userid}@example.com`,
        address: '',
      }
    },
  }),
]
