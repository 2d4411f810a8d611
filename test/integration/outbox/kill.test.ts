import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ClockState } from '../../../sandbox/wecom/admin/contract.ts'
import { hours, startWorld, type World } from '../../support/world.ts'

const Nothing = z.object({})
const Made = z.object({ external_userid: z.string() })
const massPath = '/cgi-bin/externalcontact/add_msg_template'
const welcomePath = '/cgi-bin/externalcontact/send_welcome_msg'
/** 10:00 in Shanghai. */
const start = Date.parse('2026-06-01T02:00:00Z')

/** kill -9 of the worker between claim and answer. `slow`: WeCom does it all the same; `hang`: WeCom never did it. */
describe('the worker killed between claim and answer', () => {
  let world: World
  let state = ''
  let contentId = ''

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: start }, ClockState)
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.call(api.members.sync)
    state = (await world.call(api.channels.create, { body: { name: '门店', userids: ['lina'] } })).state
    contentId = (await world.call(api.contents.create, { body: { name: '问候', body: { text: '新品到了' } } })).id
    await world.drain()
  }, 60_000)
  afterAll(() => world.close())

  const add = async (name: string): Promise<string> => {
    const { external_userid } = await world.act('customers', { name }, Made)
    await world.act('scan', { state, external_userid }, Nothing)
    return external_userid
  }

  const called = async (path: string, before: number): Promise<void> => {
    const Calls = z.array(z.object({ path: z.string() }))
    for (let tries = 0; tries < 400; tries += 1) {
      const faults = await world.look('faults', z.array(z.object({ path: z.string(), left: z.number().nullable() })))
      const done = await world.look(`requests?path=${path}`, Calls)
      if (done.length > before || !faults.some((fault) => fault.path === path && fault.left !== 0)) return
      await sleep(20)
    }
    throw new Error(`${path} was not called`)
  }

  const killDuring = async (path: string, kind: 'slow' | 'hang', cause: () => Promise<void>): Promise<void> => {
    await world.act('faults', { path, kind, ms: 8000, times: 1 }, Nothing)
    await cause()
    await called(path, 0)
    await sleep(100)
    await world.stack.processes.worker?.stop('SIGKILL')
    await world.stack.processes.worker?.start()
  }

  it.each(['slow', 'hang'] as const)(
    'sends each mass message exactly once (%s)',
    async (kind) => {
      const to = [await add(`甲${kind}`), await add(`乙${kind}`)]
      await world.drain()
      const rule = await world.call(api.rules.create, {
        body: {
          name: `群发 ${kind}`,
          trigger: { type: 'schedule', at: '12:00' },
          steps: [{ id: 's1', type: 'send', channel: 'mass', contentId }],
        },
      })
      await killDuring(massPath, kind, async () => {
        await world.call(api.rules.turnOn, { params: { id: rule.id }, body: { meetNow: true } })
      })
      await world.act('clock/advance', { ms: 40_000 }, ClockState)
      await world.drain()
      await world.advance(60_000)
      const waiting = (await world.tasks('lina')).filter(({ status }) => status === 'waiting')
      for (const { msgid } of waiting) await world.act(`tasks/${msgid}/confirm`, { userid: 'lina' }, Nothing)
      await world.advance(hours(1))
      for (const customer of to) expect(await world.ledger({ to: customer, via: 'mass' })).toHaveLength(1)
      const { items } = await world.call(api.sends.list, { query: { ruleId: rule.id } })
      const codes = items.flatMap(({ history }) => history.flatMap(({ because }) => because.map(({ code }) => code)))
      expect(codes).toContain(kind === 'slow' ? 'send.unsure_found' : 'send.unsure_absent')
      await world.call(api.rules.pause, { params: { id: rule.id } })
      await world.advance(hours(24))
    },
    90_000,
  )

  it('greets a new customer once', async () => {
    const rule = await world.call(api.rules.create, {
      body: {
        name: '欢迎',
        trigger: { type: 'customer.added' },
        steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId }],
      },
    })
    await world.call(api.rules.turnOn, { params: { id: rule.id } })
    let customer = ''
    await killDuring(welcomePath, 'slow', async () => {
      customer = await add('丙')
    })
    // The claim runs out after 6 s, while the worker starts.
    await world.drain()
    expect(await world.ledger({ to: customer, via: 'welcome' })).toHaveLength(1)
    const { items } = await world.call(api.sends.list, { query: { ruleId: rule.id } })
    expect(items).toMatchObject([{ state: 'sent' }])
  }, 60_000)
})
