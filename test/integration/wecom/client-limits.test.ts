import { afterEach, describe, expect, it } from 'vitest'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { createBroker } from '../../../server/wecom/broker.ts'
import { createWecom } from '../../../server/wecom/create.ts'
import { createVault } from '../../../server/wecom/vault.ts'
import { quietLog } from '../../support/log.ts'
import { useRedis } from '../../support/redis.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
const redis = useRedis()
afterEach(async () => {
  await world.clear('faults')
  await redis.get().flushall()
})

describe('against the platform’s own limits', () => {
  it('45033: fewer at once, and every call goes through', async () => {
    const wecom = world.adapter(redis.get())
    const path = '/cgi-bin/externalcontact/get_follow_user_list'
    await wecom.read.followUserList()
    await world.put('limits', { parallel: 3 })
    await world.act('faults', { path, kind: 'slow', ms: 20, times: 0 })
    const lists = await Promise.allSettled(Array.from({ length: 40 }, () => wecom.read.followUserList()))
    expect(lists.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(36)
    expect((await wecom.status()).paths?.find((each) => each.path === path)?.parallel).toBeLessThanOrEqual(5)
    await world.put('limits', { parallel: null })
  })

  it('tickets: renewed at most once a minute, however often they are said to be bad', async () => {
    let fetched = 0
    const broker = () =>
      createBroker({
        name: 'ticket:test',
        redis: redis.get(),
        vault: createVault('a secret of 32 characters and more', 'test'),
        clock: world.clock,
        log: quietLog,
        restMs: { fetched: 60_000, renewed: 60_000 },
        fetch: () => Promise.resolve({ value: `ticket ${(fetched += 1)}`, expiresInSeconds: 7200 }),
      })
    const [one, two] = [broker(), broker()]
    const first = await one.get()
    for (const each of [one, two, one, two]) expect((await each.renew(first)).value).toBe('ticket 1')
    world.clock.advance(61_000)
    const second = await Promise.all([one, two, one, two].map((each) => each.renew(first)))
    expect(new Set(second.map(({ value }) => value))).toEqual(new Set(['ticket 2']))
    expect(fetched).toBe(2)
  })

  it('ticket fetches stay within WeCom’s hourly limits even without any cache', async () => {
    const before = await world.calls('/cgi-bin/ticket/get')
    let signed = 0
    for (let tries = 0; tries < 120; tries += 1) {
      const wecom = world.adapter(redis.get())
      // Nothing is kept: every process begins anew.
      for (const key of await redis.get().keys('zhiyin:wecom:ticket*')) await redis.get().del(key)
      signed += await wecom.tickets.sign('agent', 'http://127.0.0.1:3000/sidebar/').then(
        () => 1,
        () => 0,
      )
    }
    expect((await world.calls('/cgi-bin/ticket/get')) - before).toBe(50)
    expect(signed).toBe(50)
  })
})

it('metrics tell of calls by path and errcode, waits, fetched tokens, and what is left', async () => {
  const metrics = createMetrics()
  const wecom = createWecom({
    config: {
      WECOM_API_BASE: world.url(),
      WECOM_CORP_ID: 'ww0000000000000001',
      WECOM_CONTACT_SECRET: 'sandbox-contact-secret',
      WECOM_AGENT_ID: '1000002',
      WECOM_AGENT_SECRET: 'sandbox-agent-secret',
      SESSION_SECRET: 'a session secret of 32 characters and more',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      PAGE_HOSTS: [],
      WECOM_LOGIN: undefined,
    },
    redis: redis.get(),
    clock: world.clock,
    log: quietLog,
    metrics,
  })
  await wecom.read.followUserList()
  const path = '/cgi-bin/externalcontact/get_follow_user_list'
  await world.act('faults', { path, kind: 'errcode', errcode: 45009, times: 1 })
  await expect(wecom.read.followUserList()).rejects.toMatchObject({ kind: 'blocked' })
  const text = await metrics.registry.metrics()
  expect(text).toContain(`zhiyin_wecom_calls_total{path="${path}",errcode="0"} 1`)
  expect(text).toContain(`zhiyin_wecom_calls_total{path="${path}",errcode="45009"} 1`)
  expect(text).toContain(`zhiyin_wecom_wait_seconds_count{path="${path}"} 2`)
  expect(text).toContain('zhiyin_wecom_loans_total{loan="token-contact",outcome="fetched"} 1')
  expect(text).toContain(`zhiyin_wecom_limits{path="${path}",kind="blocked_s"} 60`)
  // One of a grant is kept ready.
  expect(text).toMatch(new RegExp(`zhiyin_wecom_limits{path="${path}",kind="last_minute"} [23]`))
  expect(text).toContain('zhiyin_wecom_limits{path="token-contact",kind="age_s"} 0')
})
