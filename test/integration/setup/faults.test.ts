import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { WantInput } from '../../../server/outbox/read.ts'
import { createAlerts } from '../../../server/setup/alerts.ts'
import { createFaults } from '../../../server/setup/faults.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { adapterOf, useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
const wanted: WantInput[] = []

/** What a process has: its faults, and an adapter that tells them. */
const processOf = () => {
  const faults = createFaults({ mongo: mongo.get(), clock: world.clock, log: quietLog })
  const wecom = adapterOf(world.url(), world.clock, undefined, { onFault: faults.met, onPassed: faults.passed })
  return { faults, wecom, settle: faults.close }
}
const alerts = () =>
  createAlerts({
    mongo: mongo.get(),
    clock: world.clock,
    admins: () => Promise.resolve(['boss']),
    wantMany: (inputs) => Promise.resolve(void wanted.push(...inputs)),
    setupUrl: 'http://127.0.0.1:3000/console/setup',
  })
const sweep = () => alerts().run(world.clock.date())
const tags = '/cgi-bin/externalcontact/get_corp_tag_list'

beforeAll(async () => {
  processOf()
  await mongo.indexes()
})
beforeEach(async () => {
  wanted.length = 0
  for (const model of Object.values(mongo.get().connection.models)) await model.deleteMany({})
  await world.clear('faults')
})

const refuse = (path: string, errcode: number) => world.act('faults', { path, kind: 'errcode', errcode, times: 0 })

describe('faults of settings', () => {
  it('are one record for a path and errcode, with the first and last time, and go when a call goes through', async () => {
    const { faults, wecom, settle } = processOf()
    await refuse(tags, 48002)
    const first = world.clock.date()
    await expect(wecom.read.corpTags()).rejects.toThrow('48002')
    await world.advance(60_000)
    await expect(wecom.read.corpTags()).rejects.toThrow('48002')
    await settle()
    const [fault, ...more] = await faults.open()
    expect(fault).toMatchObject({ path: tags, errcode: 48002, count: 2, firstAt: first, lastAt: world.clock.date() })
    expect([more, fault?.hint]).toEqual([[], expect.stringContaining('api forbidden')])
    await world.clear('faults')
    await wecom.read.departments()
    await settle()
    expect(await faults.open()).toHaveLength(1)
    await wecom.read.corpTags()
    await settle()
    expect(await faults.open()).toEqual([])
  })

  it('that one process met are taken back by another whose call goes through', async () => {
    const [one, other] = [processOf(), processOf()]
    await refuse(tags, 60020)
    await expect(one.wecom.read.corpTags()).rejects.toThrow('60020')
    await one.settle()
    await world.clear('faults')
    await other.wecom.read.corpTags()
    await expect
      .poll(async () => {
        await other.wecom.read.corpTags()
        await other.settle()
        return other.faults.open()
      })
      .toEqual([])
  })

  it('an errcode nobody knows is one; what people and busy hours cause is none', async () => {
    const { faults, wecom, settle } = processOf()
    await refuse(tags, 77777)
    await expect(wecom.read.corpTags()).rejects.toThrow('77777')
    await world.clear('faults')
    await refuse('/cgi-bin/user/get', 60111)
    expect(await wecom.read.getUser('nobody')).toBeNull()
    await settle()
    expect((await faults.open()).map(({ errcode }) => errcode)).toEqual([77777])
  })
})

describe('admins are told', () => {
  it('with what to click, at most once an hour for each fault, also when it comes and goes', async () => {
    const { wecom, settle } = processOf()
    const meet = async () => {
      await expect(wecom.read.corpTags()).rejects.toThrow('48002')
      await settle()
    }
    await refuse(tags, 48002)
    await meet()
    expect(await sweep()).toBe(1)
    expect(wanted).toMatchObject([{ channel: 'app', userids: ['boss'] }])
    expect(wanted[0]?.body?.text).toMatch(/48002.*get_corp_tag_list[\s\S]*可调用接口的应用[\s\S]*console\/setup/)
    await world.advance(10 * 60_000)
    await meet()
    await world.clear('faults')
    await wecom.read.corpTags()
    await settle()
    await refuse(tags, 48002)
    await meet()
    expect(await sweep()).toBe(0)
    await world.advance(51 * 60_000)
    expect(await sweep()).toBe(1)
    expect([wanted.length, new Set(wanted.map(({ key }) => key)).size]).toEqual([2, 2])
  })

  it('not while the app itself cannot speak', async () => {
    const { wecom, faults, settle } = processOf()
    await refuse('/cgi-bin/gettoken', 40001)
    await expect(wecom.probe.app()).rejects.toThrow('40001')
    await settle()
    expect((await faults.open()).map(({ path }) => path)).toEqual(['/cgi-bin/gettoken WECOM_AGENT_SECRET'])
    await sweep()
    expect(wanted).toEqual([])
  })
})
