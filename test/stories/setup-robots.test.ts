import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { CheckId } from '@zhiyin/shared/setup/checks'
import { fixText, seenText } from '@zhiyin/shared/setup/result'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { foundCompany, until } from '../support/company.ts'
import { startWorld, type World } from '../support/world.ts'

const Nothing = z.looseObject({})
const Robot = z.object({ key: z.string(), webhook: z.url() })
const tokenPath = '/cgi-bin/gettoken'
const tagsPath = '/cgi-bin/externalcontact/get_corp_tag_list'
const robotPath = '/cgi-bin/webhook/send'
const minute = 60_000

/** What an admin meets when WeCom's console says otherwise than our settings, and when a group's robot may not speak. */
describe('setup and robots', () => {
  let world: World

  beforeAll(async () => {
    world = await startWorld()
    await foundCompany(world)
    await world.call(api.members.setRole, { params: { id: 'lina' }, body: { role: 'admin' } })
  })
  afterAll(() => world.close())
  beforeEach(() => world.remove('faults'))

  const fault = (fault: object) => world.act('faults', fault, Nothing)
  const faults = async () => (await world.call(api.setup.faults)).items.map(({ path, errcode }) => [path, errcode])
  /** Makes these checks; what each found, and what to click. */
  const check = async (...ids: CheckId[]) =>
    (await world.call(api.setup.run, { body: { ids } })).items.map((result) => ({
      id: result.id,
      state: result.state,
      errcode: result.errcode,
      seen: seenText(result, 'zh', 'Asia/Shanghai'),
      fix: fixText(result, 'zh'),
    }))

  describe('the connection with WeCom', () => {
    it('an address that is not trusted: the check names it and where to add it, and nothing else is called wrong', async () => {
      await fault({ path: '', kind: 'ip_refused' })
      expect(await check('agent_secret', 'ip', 'agent', 'right_tags')).toMatchObject([
        { state: 'unknown' },
        {
          id: 'ip',
          state: 'wrong',
          errcode: 60020,
          seen: expect.stringContaining('127.0.0.1'),
          fix: expect.stringMatching(/企业可信IP → 配置，加上 127\.0\.0\.1/),
        },
        { state: 'unknown', seen: '先改好「企业可信IP」' },
        { state: 'unknown' },
      ])
      await until('the fault is on record', async () => (await faults()).some(([, errcode]) => errcode === 60020))
      await world.remove('faults')
      const mended = await check('agent_secret', 'ip', 'agent', 'right_tags')
      expect(mended.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])
      await until('the fault is gone', async () => (await faults()).length === 0)
    })

    it('a right that was taken away: the admin is told in WeCom what to click, once, and it clears once the call goes through', async () => {
      const told = async () =>
        (await world.ledger({ to: 'lina', via: 'app' })).filter(({ text }) => text.includes('48002'))
      await fault({ path: tagsPath, exact: true, kind: 'errcode', errcode: 48002, times: 0 })
      for (let times = 0; times < 2; times += 1) {
        expect(await check('right_tags')).toMatchObject([{ state: 'wrong', errcode: 48002 }])
        await until('the admin is told', async () => (await told()).length > 0)
      }
      await world.drain()
      expect((await told()).map(({ text }) => text)).toEqual([
        expect.stringMatching(/可调用接口的应用[\s\S]*\/console\/setup/),
      ])
      expect(await faults()).toEqual([[tagsPath, 48002]])
      await world.remove('faults')
      expect(await check('right_tags')).toMatchObject([{ state: 'ok' }])
      await until('the fault is gone', async () => (await faults()).length === 0)
    })

    // The last: for ten seconds nobody asks for a token of a Secret that was refused.
    it('a Secret that was reset: that check alone is wrong and says where to find the new one; it passes once mended', async () => {
      await fault({ path: tokenPath, secret: 'agent', kind: 'errcode', errcode: 40001, times: 0 })
      expect(await check('corp', 'agent_secret', 'contact_secret')).toMatchObject([
        { id: 'corp', state: 'ok' },
        {
          id: 'agent_secret',
          state: 'wrong',
          errcode: 40001,
          fix: expect.stringMatching(/Secret.*WECOM_AGENT_SECRET/),
        },
        { id: 'contact_secret', state: 'ok' },
      ])
      // Work that needs a token meets it too.
      await world.act('tokens/revoke', {}, Nothing)
      expect(await check('agent')).toMatchObject([{ state: 'unknown' }])
      await until('the fault is on record', async () => (await faults()).length > 0)
      expect(await faults()).toEqual([[`${tokenPath} WECOM_AGENT_SECRET`, 40001]])
      await world.remove('faults')
      expect(await check('agent_secret')).toMatchObject([{ state: 'ok', fix: null }])
      await until('the fault is gone', async () => (await faults()).length === 0)
    })
  })

  describe('a group robot', () => {
    let chatId = ''
    let first: z.infer<typeof Robot>
    let groupId = ''

    beforeAll(async () => {
      const { chat_id } = await world.act(
        'groups',
        { name: '门店晨会', owner: 'lina', kind: 'internal' },
        z.object({ chat_id: z.string() }),
      )
      chatId = chat_id
      first = await join('晨会机器人')
      groupId = await register(first.webhook)
    })
    const join = (name: string) => world.act(`groups/${chatId}/robots`, { name }, Robot)
    const register = async (webhook: string) =>
      (await world.call(api.groups.addInternal, { body: { name: '门店晨会', webhook, tier: 'B' } })).id

    let count = 0
    const say = async (id: string, text: string): Promise<string> => {
      const message = { kind: 'text' as const, text, mentions: [] }
      const key = `said-by-hand-${(count += 1)}`
      return (await world.call(api.robots.send, { params: { id }, body: { key, message } })).intentId
    }
    const sent = (id: string) => world.call(api.robots.sent, { params: { id } })
    const robot = async (id: string) => (await world.call(api.robots.list)).items.find((one) => one.groupId === id)
    const heard = async () => (await world.ledger({ via: 'robot' })).map(({ text }) => text)
    const calls = async () => world.wecom(admin.watch.requests, { query: { path: robotPath } })
    const lines = (name: string, many: number) => Array.from({ length: many }, (_, index) => `${name} ${index}`)

    it('asked for more than 20 a minute keeps its pace: WeCom refuses none, the order stays', async () => {
      const texts = lines('排队', 25)
      for (const text of texts) await say(groupId, text)
      await world.drain()
      expect((await heard()).length).toBeLessThanOrEqual(20)
      expect((await robot(groupId))?.waiting).toBeGreaterThan(0)
      await world.advance(75_000)
      expect(await heard()).toEqual(texts)
      expect((await calls()).map(({ errcode }) => errcode)).toEqual(texts.map(() => 0))
    })

    it('45009, for others use its address too: it rests a minute without a call, and loses nothing', async () => {
      await world.advance(75_000)
      const before = await heard()
      const others = lines('别人的', 20)
      for (const content of others)
        await fetch(first.webhook, { method: 'POST', body: JSON.stringify({ msgtype: 'text', text: { content } }) })
      const ours = lines('我们的', 3)
      for (const text of ours) await say(groupId, text)
      await until('it rests', async () => (await robot(groupId))?.state === 'resting')
      const made = (await calls()).length
      await world.advance(minute - 5_000)
      expect((await calls()).length).toBe(made)
      await world.advance(10_000)
      expect((await heard()).slice(before.length)).toEqual([...others, ...ours])
      expect((await calls()).filter(({ errcode }) => errcode === 45009)).toHaveLength(1)
      expect(await robot(groupId)).toMatchObject({ state: 'ok', waiting: 0 })
    })

    it('switched off in WeCom: says why and is not called, until somebody presses “test and resume”', async () => {
      await world.advance(75_000)
      await fault({ path: robotPath, kind: 'errcode', errcode: 93004, times: 0 })
      const refused = await say(groupId, '没有人听见')
      await world.drain()
      expect(await sent(refused)).toMatchObject({ state: 'failed', because: [{ code: 'robot.off' }] })
      expect(await robot(groupId)).toMatchObject({ state: 'disabled', because: { code: 'robot.off' } })
      const made = (await calls()).length
      const blocked = await say(groupId, '也没有人听见')
      await world.drain()
      expect(await sent(blocked)).toMatchObject({ state: 'blocked', because: [{ code: 'robot.off' }] })
      expect((await calls()).length).toBe(made)

      await world.remove('faults')
      await world.call(api.robots.test, { params: { id: groupId }, body: { key: 'test-and-resume-1' } })
      await say(groupId, '又能说话了')
      await world.drain()
      expect((await heard()).slice(-2)).toEqual([expect.stringContaining('测试消息'), '又能说话了'])
      expect(await robot(groupId)).toMatchObject({ state: 'ok', because: null })
    })

    it('removed from its group: says so, a test says so again, and its successor speaks once registered', async () => {
      await world.act(`groups/${chatId}/robots/delete`, { key: first.key }, Nothing)
      const lost = await say(groupId, '机器人走了')
      await world.drain()
      expect(await sent(lost)).toMatchObject({
        state: 'failed',
        because: [{ code: 'robot.gone', params: { errcode: 93000 } }],
      })
      const { intentId } = await world.call(api.robots.test, {
        params: { id: groupId },
        body: { key: 'test-and-resume-2' },
      })
      await world.drain()
      expect(await sent(intentId)).toMatchObject({ state: 'failed', because: [{ code: 'robot.gone' }] })
      expect(await robot(groupId)).toMatchObject({ state: 'disabled', because: { code: 'robot.gone' } })

      const { webhook } = await join('晨会机器人二号')
      await expect(register(webhook)).rejects.toMatchObject({ code: 'group.same_name' })
      await world.call(api.groups.setRobot, { params: { id: groupId }, body: { webhook } })
      await say(groupId, '二号到位')
      await world.drain()
      expect((await heard()).at(-1)).toBe('二号到位')
    })
  })
})
