import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkIds, type CheckId } from '@zhiyin/shared/setup/checks'
import { fixText, seenText, type CheckResult } from '@zhiyin/shared/setup/result'
import type { ChecksDeps } from '../../../server/setup/checks.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { useRedis } from '../../support/redis.ts'
import { checksOf, keys, servePublic } from '../../support/setup.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const redis = useRedis()
const world = useWecom()
const Made = z.object({ external_userid: z.string() })
let site: Awaited<ReturnType<typeof servePublic>>

beforeAll(async () => {
  site = await servePublic(mongo.get(), world.clock)
  await redis.get().config('SET', 'appendonly', 'yes')
  const { external_userid } = Made.parse(await world.act('customers', { name: '陈静' }))
  await world.act('add', { userid: 'lina', external_userid })
})
beforeEach(() => world.put('trusted', { trustedDomain: '127.0.0.1' }))
afterEach(async () => {
  await world.clear('faults')
  // What a fault closed for a while is open again.
  await world.advance(3_700_000)
})
afterAll(() => site.close())

const run = async (changed: Partial<ChecksDeps> = {}, ids?: readonly CheckId[], timeoutMs?: number) => {
  const wecom = world.adapter()
  const here = { mongo: mongo.get(), redis: redis.get(), clock: world.clock, apiBase: world.url(), wecom }
  const tickets = wecom.tickets
  const results = await checksOf(
    { ...here, publicUrl: site.url },
    {
      tickets: { sign: (kind, url) => tickets.sign(kind, url.replace(site.url, 'http://127.0.0.1:3000')) },
      ...changed,
    },
    timeoutMs,
  ).run(ids)
  return new Map(results.map((result) => [result.id, result]))
}
const of = (results: ReadonlyMap<CheckId, CheckResult>, id: CheckId) => {
  const result = results.get(id)
  if (result === undefined) throw new Error(`no result of ${id}`)
  return {
    state: result.state,
    seen: seenText(result, 'zh', 'Asia/Shanghai'),
    fix: fixText(result, 'zh'),
    en: fixText(result, 'en'),
  }
}
const wrongOnes = (results: ReadonlyMap<CheckId, CheckResult>) =>
  [...results.values()].filter(({ state }) => state === 'wrong').map(({ id }) => id)

const secrets = [
  'sandbox-contact-secret',
  'sandbox-agent-secret',
  keys.WECOM_CALLBACK_TOKEN,
  keys.WECOM_CALLBACK_AES_KEY,
]

describe('a setup that is right', () => {
  it('passes every check, each with what was seen, and shows no secret', async () => {
    const results = await run()
    expect([...results.keys()]).toEqual(checkIds)
    const notOk = [...results.values()]
      .filter(({ state }) => state !== 'ok')
      .map(({ id, seen }) => `${id} ${seen.code}`)
    expect(notOk).toEqual(['https https.local'])
    for (const result of results.values()) {
      expect(seenText(result, 'zh', 'Asia/Shanghai')).not.toMatch(/…|\{/)
      expect(seenText(result, 'en', 'Asia/Shanghai')).not.toMatch(/…|\{/)
    }
    for (const secret of secrets) expect(JSON.stringify([...results.values()])).not.toContain(secret)
  })

  it('asks WeCom nothing twice in a round', async () => {
    const before = await world.calls('/cgi-bin/externalcontact/get_follow_user_list')
    await run()
    expect((await world.calls('/cgi-bin/externalcontact/get_follow_user_list')) - before).toBe(1)
  })
})

describe('each fault is seen where it lies, with what to click', () => {
  const gettoken = '/cgi-bin/gettoken'
  it.each([
    [
      'a wrong contact secret',
      { path: gettoken, secret: 'contact', errcode: 40001 },
      'contact_secret',
      /WECOM_CONTACT_SECRET/,
    ],
    ['a wrong app secret', { path: gettoken, secret: 'agent', errcode: 40001 }, 'agent_secret', /WECOM_AGENT_SECRET/],
    ['a secret of another kind', { path: gettoken, secret: 'contact', errcode: 40091 }, 'contact_secret', /种类不对/],
    ['a secret that has leaked', { path: gettoken, secret: 'agent', errcode: 45031 }, 'agent_secret', /重置 Secret/],
    ['another corp', { path: gettoken, errcode: 40013 }, 'corp', /我的企业 → 企业信息/],
    ['another app', { path: '/cgi-bin/agent/get', errcode: 301002 }, 'agent', /AgentId/],
    ['a bad agent id', { path: '/cgi-bin/agent/get', errcode: 40056 }, 'agent', /WECOM_AGENT_ID/],
    ['an app that is off', { path: '/cgi-bin/agent/get', errcode: 50003 }, 'agent', /重新启用/],
    ['no corp ticket', { path: '/cgi-bin/get_jsapi_ticket', errcode: 48001 }, 'tickets', /权限/],
    ['no app ticket', { path: '/cgi-bin/ticket/get', errcode: 48004 }, 'tickets', /权限/],
    ['a code nobody knows', { path: '/cgi-bin/media/get', errcode: 77777 }, 'right_media', /错误码查询/],
  ] as const)('%s', async (_name, fault, id, advice) => {
    await world.act('faults', { kind: 'errcode', times: 0, ...fault })
    const results = await run()
    const found = of(results, id)
    expect(found.state).toBe('wrong')
    expect(found.seen).toContain(String(fault.errcode))
    expect(found.fix).toMatch(advice)
    expect(found.en).toMatch(/[a-z]/)
    expect(of(results, 'api').state).toBe('ok')
    expect(of(results, 'callback').state).toBe('ok')
  })

  it('an address that is not trusted: named, and only once called wrong', async () => {
    await world.act('faults', { path: '', kind: 'ip_refused' })
    const results = await run()
    expect(wrongOnes(results)).toEqual(['ip'])
    expect(of(results, 'agent')).toMatchObject({ state: 'unknown', seen: '先改好「企业可信IP」', fix: null })
    expect(of(results, 'ip')).toMatchObject({
      seen: expect.stringContaining('127.0.0.1'),
      fix: expect.stringMatching(/企业可信IP.*加上 127\.0\.0\.1/),
    })
  })

  it('an app that is not among those that may call customer contact: every API tells what cannot be done', async () => {
    await world.act('faults', { path: '/cgi-bin/externalcontact/', kind: 'app_not_allowed' })
    const results = await run()
    expect(of(results, 'callable')).toMatchObject({ state: 'wrong', fix: expect.stringContaining('可调用接口的应用') })
    expect(of(results, 'right_contact_ways').seen).toMatch(/48002.*渠道活码/)
    expect(of(results, 'agent').state).toBe('ok')
  })

  it.each([
    ['right_members', '/cgi-bin/department/list'],
    ['right_customers', '/cgi-bin/externalcontact/list'],
    ['right_tags', '/cgi-bin/externalcontact/get_corp_tag_list'],
    ['right_groups', '/cgi-bin/externalcontact/groupchat/list'],
    ['right_contact_ways', '/cgi-bin/externalcontact/list_contact_way'],
    ['right_join_ways', '/cgi-bin/externalcontact/groupchat/get_join_way'],
    ['right_group_welcomes', '/cgi-bin/externalcontact/group_welcome_template/get'],
    ['right_mass', '/cgi-bin/externalcontact/get_groupmsg_list_v2'],
    ['right_transfers', '/cgi-bin/externalcontact/get_unassigned_list'],
    ['right_group_stats', '/cgi-bin/externalcontact/groupchat/statistic'],
    ['right_media', '/cgi-bin/media/get'],
  ] as const)('%s is missing alone', async (id, path) => {
    await world.act('faults', { path, exact: true, kind: 'errcode', errcode: 48002, times: 0 })
    const results = await run()
    expect(wrongOnes(results)).toEqual([id])
    expect(of(results, id).seen).toMatch(/没有它就不能：[一-龥]/)
  })

  it('members outside the visible range are named', async () => {
    await world.act('faults', { path: '/cgi-bin/user/get', kind: 'errcode', errcode: 60011, times: 0 })
    expect(of(await run(), 'range')).toMatchObject({
      state: 'wrong',
      seen: expect.stringContaining('lina'),
      fix: expect.stringContaining('可见范围'),
    })
  })

  it('nobody has the customer-contact function', async () => {
    const wecom = world.adapter()
    const nobody = { ...wecom.read, followUserList: () => Promise.resolve([]) }
    const results = await run({ read: nobody })
    expect(of(results, 'range')).toMatchObject({ state: 'wrong', fix: expect.stringContaining('使用范围') })
    expect(of(results, 'right_customers').state).toBe('unknown')
  })
})

describe('the way from WeCom to us', () => {
  it('another trusted domain, or none', async () => {
    await world.put('trusted', { trustedDomain: 'old.example.com' })
    const results = await run()
    expect(of(results, 'domain')).toMatchObject({ state: 'wrong', seen: expect.stringContaining('old.example.com') })
    expect(of(results, 'domain').fix).toContain(new URL(site.url).host)
    expect(of(results, 'verify_file')).toMatchObject({ state: 'wrong', fix: expect.stringContaining('下载校验文件') })
    await world.put('trusted', { trustedDomain: '' })
    expect(of(await run(), 'domain')).toMatchObject({ state: 'wrong', seen: '应用还没有设可信域名' })
  })

  it('the domain file is served from the root, and told apart when it is not', async () => {
    await site.files.save({ name: 'WW_verify_abc.txt', content: 'abc' })
    expect(await (await fetch(`${site.url}/WW_verify_abc.txt`)).text()).toBe('abc')
    expect((await fetch(`${site.url}/WW_verify_other.txt`)).status).toBe(404)
    expect(of(await run({ verifyFile: site.files.latest }), 'verify_file')).toMatchObject({ state: 'ok' })
    const other = () => Promise.resolve({ name: 'WW_verify_abc.txt', content: 'xyz' })
    expect(of(await run({ verifyFile: other }), 'verify_file').state).toBe('wrong')
    const gone = () => Promise.resolve({ name: 'WW_verify_no.txt', content: 'xyz' })
    expect(of(await run({ verifyFile: gone }), 'verify_file')).toMatchObject({
      state: 'wrong',
      seen: expect.stringContaining('HTTP 404'),
    })
  })

  it('no HTTPS', async () => {
    const results = await run({ publicUrl: 'http://scrm.example.com' }, ['https'])
    expect(of(results, 'https')).toMatchObject({ state: 'wrong', fix: expect.stringContaining('PUBLIC_URL') })
  })

  it('a receive URL with another Token or EncodingAESKey, and one that is away', async () => {
    for (const changed of [
      { token: 'otherToken' },
      { aesKey: 'GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba' },
      { corpId: 'wwother' },
    ])
      expect(of(await run(changed, ['callback']), 'callback')).toMatchObject({
        state: 'wrong',
        fix: expect.stringMatching(/接收消息 → API接收.*EncodingAESKey/),
      })
    const away = await run({ publicUrl: 'http://127.0.0.1:65501' }, ['callback'])
    expect(of(away, 'callback')).toMatchObject({ state: 'wrong', seen: expect.stringContaining('ECONNREFUSED') })
  })

  it('no callback yet', async () => {
    const results = await run({ lastCallback: () => Promise.resolve(null) }, ['callback_seen'])
    expect(of(results, 'callback_seen')).toMatchObject({
      state: 'unknown',
      fix: expect.stringContaining(`${site.url}/wecom/callback`),
    })
  })
})

describe('our own ground', () => {
  it('settings with problems', async () => {
    const results = await run({ problems: ['WECOM_CALLBACK_AES_KEY exactly 43 letters and digits'] }, ['settings'])
    expect(of(results, 'settings')).toMatchObject({ state: 'wrong', seen: expect.stringContaining('43') })
  })

  it('WeCom cannot be reached: the API is wrong, what depends on it is not known', async () => {
    const results = await run({ apiBase: 'http://127.0.0.1:65501' }, ['api', 'clock', 'mongo'])
    expect(wrongOnes(results)).toEqual(['api'])
    expect([of(results, 'clock').state, of(results, 'mongo').state]).toEqual(['unknown', 'ok'])
  })

  it('a clock that goes wrong', async () => {
    const clock = movableClock(new Date(world.clock.now() + 90_000))
    expect(of(await run({ clock }, ['clock']), 'clock')).toMatchObject({
      state: 'wrong',
      fix: expect.stringContaining('NTP'),
    })
  })

  it('stores that are old, alone, forgetful or away', async () => {
    const stores = async (changed: Partial<ChecksDeps>) => {
      const results = await run(changed, ['mongo', 'redis'])
      return [of(results, 'mongo'), of(results, 'redis')].map(({ state, fix }) => `${state} ${fix ?? ''}`)
    }
    expect(
      await stores({
        mongo: () => Promise.resolve({ version: '4.4.29', set: 'rs0' }),
        redis: () => Promise.resolve({ version: '6.0.16', persistent: true, policy: 'noeviction' }),
      }),
    ).toEqual(['wrong 升级 MongoDB', 'wrong 升级 Redis'])
    expect(
      await stores({
        mongo: () => Promise.resolve({ version: '8.0.1', set: null }),
        redis: () => Promise.resolve({ version: '7.2', persistent: true, policy: 'allkeys-lru' }),
      }),
    ).toEqual([expect.stringContaining('rs.initiate'), expect.stringContaining('noeviction')])
    const [gone] = await stores({ mongo: () => Promise.reject(new Error('mongodb://u:geheim@h refused')) })
    expect(gone).toContain('wrong')
    await redis.get().config('SET', 'appendonly', 'no')
    expect(of(await run({}, ['redis']), 'redis')).toMatchObject({
      state: 'wrong',
      fix: expect.stringContaining('appendonly yes'),
    })
    await redis.get().config('SET', 'appendonly', 'yes')
  })

  it('a check that hangs ends in time and holds up no other', async () => {
    await world.act('faults', { path: '/cgi-bin/agent/get', kind: 'hang', times: 0 })
    const results = await run({}, ['agent', 'callable', 'mongo'], 600)
    expect(of(results, 'agent')).toMatchObject({ state: 'unknown', seen: expect.stringContaining('0.6 秒') })
    expect([of(results, 'callable').state, of(results, 'mongo').state]).toEqual(['ok', 'ok'])
  })
})
