import { z } from 'zod'
import { contract, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { identity } from './identity.ts'

/** An OAuth code of lina's. */
async function oauthCode(sandbox: Sandbox): Promise<string> {
  const query = new URLSearchParams({
    appid: 'wwtest0000000001',
    agentid: '1000002',
    scope: 'snsapi_privateinfo',
    redirect_uri: 'http://127.0.0.1:9/in',
    state: 's1',
  })
  const response = await fetch(`${sandbox.url}/connect/oauth2/authorize?${query.toString()}`, {
    redirect: 'manual',
    headers: { cookie: 'wecom_sandbox_user=lina' },
  })
  return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

const prepare = async (sandbox: Sandbox) => {
  await sandbox.receiver()
  await sandbox.member('lina', '李娜')
  const signedIn = await sandbox.get('auth/getuserinfo', { code: await oauthCode(sandbox) })
  return {
    oauth: await oauthCode(sandbox),
    legacy: await oauthCode(sandbox),
    ticket: text.parse(signedIn['user_ticket']),
  }
}

contract(identity, prepare, {
  '/cgi-bin/gettoken': {
    good: () => ({ corpid: 'wwtest0000000001', corpsecret: 'agent' }),
    shape: z.strictObject({ access_token: text.max(512), expires_in: z.int().max(7200) }),
    bad: () => [
      [{ corpid: 'wwtest0000000001', corpsecret: 'wrong' }, 40001],
      [{ corpid: 'ww2', corpsecret: 'agent' }, 40013],
      [{ corpid: 'wwtest0000000001' }, 40063],
    ],
  },
  '/cgi-bin/get_jsapi_ticket': { good: () => ({}), shape: z.strictObject({ ticket: text, expires_in: z.int() }) },
  '/cgi-bin/ticket/get': {
    good: () => ({ type: 'agent_config' }),
    shape: z.strictObject({ ticket: text, expires_in: z.int() }),
    bad: () => [
      [{ type: 'jsapi' }, 91040],
      [{}, 91040],
    ],
  },
  '/cgi-bin/getcallbackip': { good: () => ({}), shape: z.strictObject({ ip_list: z.array(text) }) },
  '/cgi-bin/get_api_domain_ip': { good: () => ({}), shape: z.strictObject({ ip_list: z.array(text) }) },
  '/cgi-bin/auth/getuserinfo': {
    good: ({ oauth }) => ({ code: oauth }),
    shape: z.strictObject({ userid: z.literal('lina'), user_ticket: text, expires_in: z.literal(1800) }),
    bad: ({ oauth }) => [
      [{ code: 'unknown' }, 40029],
      [{ code: oauth }, 42022],
    ],
  },
  '/cgi-bin/auth/getuserdetail': {
    good: ({ ticket }) => ({ user_ticket: ticket }),
    shape: z.looseObject({ userid: z.literal('lina'), gender: text, avatar: text }),
    bad: () => [[{ user_ticket: 'x' }, 84015]],
  },
  '/cgi-bin/user/getuserinfo': {
    good: ({ legacy }) => ({ code: legacy }),
    shape: z.strictObject({
      UserId: z.literal('lina'),
      DeviceId: text,
      user_ticket: text,
      expires_in: z.literal(1800),
    }),
    bad: ({ legacy }) => [
      [{ code: 'unknown' }, 40029],
      [{ code: legacy }, 42022],
    ],
  },
})
