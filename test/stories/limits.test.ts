import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { startCaller, type Caller, type Order } from '../support/callers.ts'
import { foundCompany, thankForOrders, until, type Company } from '../support/company.ts'
import { hours, startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const tokenPath = '/cgi-bin/gettoken'
const listPath = '/cgi-bin/externalcontact/get_follow_user_list'
const userPath = '/cgi-bin/department/'
const massPath = '/cgi-bin/externalcontact/add_msg_template'
/** A call that was already on its way when the first 45009 came, or that a process began before it heard of it. */
const graceMs = 1500

/** WeCom takes so many calls and no more, and may end a token at any time; all processes together keep to that, and lose nothing. */
describe('call limits and tokens', () => {
  let world: World
  let company: Company
  let callers: Caller[] = []

  beforeAll(async () => {
    world = await startWorld()
    const starting = Promise.all(Array.from({ length: 4 }, () => startCaller(world.stack)))
    company = await foundCompany(world)
    callers = await starting
  })
  afterAll(async () => {
    await Promise.all(callers.map((caller) => caller.kill()))
    await world.close()
  })

  const requests = (path: string, since?: number) =>
    world.wecom(admin.watch.requests, { query: { path, ...(since === undefined ? {} : { since: String(since) }) } })
  const fault = (fault: object) => world.act('faults', fault, Nothing)
  const all = (order: Order) => Promise.all(callers.map((caller) => caller.run(order)))
  const done = (count: number) => callers.map(() => ({ done: count, refusals: 0, failed: [] }))

  it('a token revoked in the middle of a burst of four processes is fetched once, and no call is lost', async () => {
    expect(await all({ what: 'list', count: 5, atOnce: 5 })).toEqual(done(5))
    const before = (await requests(tokenPath)).length
    await fault({ path: listPath, kind: 'token_revoked', secret: 'contact', after: 200, times: 1 })
    expect(await all({ what: 'list', count: 150, atOnce: 20 })).toEqual(done(150))
    expect((await requests(listPath)).some(({ errcode }) => errcode === 40014)).toBe(true)
    expect((await requests(tokenPath)).length - before).toBe(1)
  })

  it('a wrong secret is asked about once, not by every process and every call', async () => {
    const before = (await requests(tokenPath)).length
    const reports = await all({ what: 'wrongSecret', count: 40, atOnce: 10 })
    expect(reports).toEqual(
      callers.map(() => ({ done: 0, refusals: 0, failed: Array.from({ length: 40 }, () => 'config 40001') })),
    )
    expect((await requests(tokenPath)).length - before).toBe(1)
  })

  it('a process killed while it fetches the token holds up the others only until its lock runs out', async () => {
    const [doomed, ...others] = callers
    // A token that was renewed a moment ago is not renewed again.
    await world.advanceOnly(10_000)
    await fault({ path: listPath, kind: 'token_revoked', secret: 'contact', times: 1 })
    await fault({ path: tokenPath, kind: 'hang', secret: 'contact', times: 1 })
    void doomed?.run({ what: 'list', count: 1, atOnce: 1 })
    await until('the fetch hangs', async () =>
      (await world.look('faults', z.array(z.object({ kind: z.string() })))).every(({ kind }) => kind !== 'hang'),
    )
    await doomed?.kill()
    // The fetch of the dead one never ends; that theirs do at all is the lock's doing.
    const reports = await Promise.all(others.map((caller) => caller.run({ what: 'list', count: 20, atOnce: 10 })))
    expect(reports).toEqual(others.map(() => ({ done: 20, refusals: 0, failed: [] })))
    callers = others
  })

  it('45009 on one path: no process calls it for a minute, other paths go on, then one tries, then all', async () => {
    const from = await world.now()
    await fault({ path: listPath, kind: 'rate_limit', ms: 60_000, after: 60 })
    const working = all({ what: 'list', count: 60, atOnce: 10 })
    await until('WeCom has refused one', async () =>
      (await requests(listPath, from)).some(({ errcode }) => errcode === 45009),
    )
    const at = (await requests(listPath, from)).find(({ errcode }) => errcode === 45009)?.at ?? 0
    expect(await all({ what: 'user', count: 30, atOnce: 5 })).toEqual(done(30))
    expect((await requests(userPath, at)).filter(({ errcode }) => errcode === 0).length).toBeGreaterThanOrEqual(90)
    await world.advanceOnly(50_000)
    expect(await all({ what: 'user', count: 5, atOnce: 5 })).toEqual(done(5))
    await world.advanceOnly(11_000)
    const reports = await working
    expect(reports.map(({ done, failed }) => ({ done, failed }))).toEqual(callers.map(() => ({ done: 60, failed: [] })))
    const calls = await requests(listPath, from)
    expect(calls.filter((call) => call.at > at + graceMs && call.at < at + 60_000)).toEqual([])
    const after = calls.filter((call) => call.at >= at + 60_000)
    expect(after[0]?.errcode).toBe(0)
    // What was refused at all was what was under way: no more than the places of a path.
    expect(calls.filter(({ errcode }) => errcode === 45009).length).toBeLessThanOrEqual(10)
  })

  it('mass messages that meet it go out after it, each once; meanwhile a newcomer is welcomed', async () => {
    await world.advance(hours(2))
    const ids: string[] = []
    for (let index = 0; index < 3; index += 1) ids.push(await company.stranger(`限流${index}`))
    for (const id of ids) await company.scan(id)
    await world.drain()
    const ruleId = await thankForOrders(world, '谢谢惠顾')
    await fault({ path: massPath, kind: 'rate_limit', ms: 60_000 })
    for (const id of ids) await company.order(id, `order-${id}`, 100)
    await until('WeCom has refused the mass message', async () => (await requests(massPath)).length > 0)
    const { at = 0 } = (await requests(massPath))[0] ?? {}
    const newcomer = await company.stranger('新客')
    await company.scan(newcomer)
    await until('the newcomer is welcomed', async () => (await world.ledger({ to: newcomer })).length === 1)
    await world.advanceOnly(45_000)
    expect((await requests(massPath)).filter((call) => call.at > at + graceMs)).toEqual([])
    await world.advance(30_000)
    await until('they are sent', async () =>
      (await world.call(api.sends.list, { query: { ruleId } })).items.every(({ state }) => state === 'sent'),
    )
    for (const { msgid } of await world.tasks('lina'))
      await world.act(`tasks/${msgid}/confirm`, { userid: 'lina' }, Nothing)
    await world.advance(hours(1))
    const counts = await Promise.all(ids.map(async (to) => (await world.ledger({ to, via: 'mass' })).length))
    expect(counts).toEqual([1, 1, 1])
  })
})
