import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { LedgerEntry } from '../../../sandbox/wecom/admin/contract.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
let wecom: Wecom
let customer = ''

const collect = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}
const newCustomer = async (name: string): Promise<string> =>
  z.object({ external_userid: z.string() }).parse(await world.act('customers', { name })).external_userid
const ledger = async (to: string) => z.array(LedgerEntry).parse(await world.look(`ledger?to=${to}`))
const body = (text: string) => ({ text, attachments: [] })

beforeAll(async () => {
  wecom = world.adapter()
  customer = await newCustomer('陈静')
})

describe('reading', () => {
  it('reads members, departments and reps', async () => {
    const departments = await wecom.read.departments()
    expect(departments.map((one) => one.id)).toContain(1)
    const users = await wecom.read.listUsers(1, { children: true })
    expect(users.find((user) => user.userid === 'lina')).toMatchObject({ name: '李娜', departments: [1], leads: [1] })
    expect(await wecom.read.getUser('wangwei')).toMatchObject({ userid: 'wangwei', leads: [] })
    expect(await wecom.read.getUser('nobody')).toBeNull()
    expect(await wecom.read.followUserList()).toEqual(expect.arrayContaining(['lina', 'wangwei']))
  })

  it('reads nobody’s customer as null, and a member without customers as empty', async () => {
    expect(await wecom.read.getCustomer(customer)).toBeNull()
    expect(await wecom.read.listContacts('lina')).toEqual([])
  })

  it('reads a customer, one by one and in the walk, with the channel’s state', async () => {
    const way = await wecom.setup.addContactWay({ state: 'store_07', remark: '七号店', userids: ['lina', 'wangwei'] })
    expect(way.configId).not.toBe('')
    expect(way.qrCode).toMatch(/^http/)
    await world.act('scan', { config_id: way.configId, external_userid: customer, userid: 'lina' })
    const found = await wecom.read.getCustomer(customer)
    expect(found?.contact).toMatchObject({ externalUserId: customer, name: '陈静', type: 1 })
    expect(found?.follows).toMatchObject([{ userid: 'lina', state: 'store_07', tagIds: [], mobiles: [] }])
    expect(Math.abs((found?.follows[0]?.createdAt.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    const pairs = await collect(wecom.read.batchGetByUser(['lina', 'wangwei']))
    expect(pairs.flat()).toMatchObject([{ contact: { externalUserId: customer }, follow: { userid: 'lina' } }])
    expect(await wecom.read.listContacts('lina')).toEqual([customer])
  })

  it('walks many pages', async () => {
    for (let index = 0; index < 130; index += 1) {
      await world.act('add', { userid: 'wangwei', external_userid: await newCustomer(`客户 ${index}`) })
    }
    const pages = await collect(wecom.read.batchGetByUser(['wangwei']))
    expect(pages.length).toBeGreaterThan(1)
    expect(pages.flat()).toHaveLength(130)
  })

  it('reads groups', async () => {
    const { chat_id } = z
      .object({ chat_id: z.string() })
      .parse(await world.act('groups', { name: 'VIP 群', owner: 'lina', kind: 'customer' }))
    await world.act(`groups/${chat_id}/join`, { id: customer, scene: 3 })
    const groups = (await collect(wecom.read.groupChats(['lina']))).flat()
    expect(groups).toEqual([{ chatId: chat_id, status: 0 }])
    const group = await wecom.read.groupChat(chat_id)
    expect(group).toMatchObject({ name: 'VIP 群', owner: 'lina' })
    expect(group?.members.map((member) => member.id)).toContain(customer)
    expect(await wecom.read.groupChat('wrNOWHERE')).toBeNull()
  })
})

describe('tags', () => {
  it('makes a tag, takes the existing one for the second, and marks with it', async () => {
    const made = await wecom.setup.addCorpTag({ group: '来源', name: '直播' })
    expect(await wecom.setup.addCorpTag({ group: '来源', name: '直播' })).toEqual(made)
    expect((await wecom.read.corpTags()).flatMap((group) => group.tags.map((tag) => tag.id))).toContain(made.id)
    expect(await wecom.read.corpTags({ tagIds: [made.id] })).toMatchObject([{ name: '来源', tags: [{ name: '直播' }] }])
    await wecom.write.markTag({ userid: 'lina', externalUserId: customer, add: [made.id], remove: [] })
    await wecom.write.markTag({ userid: 'lina', externalUserId: customer, add: [], remove: [] })
    expect((await wecom.read.getCustomer(customer))?.follows[0]?.tagIds).toEqual([made.id])
    await expect(
      wecom.write.markTag({ userid: 'wangwei', externalUserId: customer, add: [made.id], remove: [] }),
    ).rejects.toMatchObject({ kind: 'gone', errcode: 84061 })
  })
})

describe('reaching people', () => {
  it('welcomes once', async () => {
    const newcomer = await newCustomer('新客')
    const { configId } = await wecom.setup.addContactWay({ state: 'w1', userids: ['lina'] })
    const { welcome_code } = z
      .object({ welcome_code: z.string() })
      .parse(await world.act('scan', { config_id: configId, external_userid: newcomer }))
    await wecom.write.sendWelcome(welcome_code, {
      text: '你好',
      attachments: [{ type: 'link', title: '店铺', url: 'https://example.com/' }],
    })
    expect(await ledger(newcomer)).toMatchObject([{ via: 'welcome', text: '你好' }])
    await expect(wecom.write.sendWelcome(welcome_code, body('又'))).rejects.toMatchObject({ kind: 'refused' })
  })

  it('makes a mass message and follows it', async () => {
    const from = world.clock.date()
    const { msgid, failList } = await wecom.write.addMassMessage({
      chatType: 'single',
      sender: 'lina',
      externalUserIds: [customer, 'wmNOBODYNOBODYNOBODY'],
      body: body('好久不见'),
    })
    expect(failList).toEqual(['wmNOBODYNOBODYNOBODY'])
    const listed = await wecom.read.listGroupMessages({
      chatType: 'single',
      from: new Date(from.getTime() - 40 * 86_400_000),
      to: new Date(from.getTime() + 60_000),
    })
    expect(listed).toMatchObject([{ msgid, text: '好久不见' }])
    expect(await wecom.read.groupMessageTasks(msgid)).toEqual([{ userid: 'lina', sent: false }])
    expect(await wecom.read.groupMessageResults(msgid, 'lina')).toEqual([
      { externalUserId: customer, status: 'not_sent' },
    ])
    await world.act(`tasks/${msgid}/confirm`, { userid: 'lina' })
    expect(await wecom.read.groupMessageTasks(msgid)).toMatchObject([{ userid: 'lina', sent: true }])
    expect(await wecom.read.groupMessageResults(msgid, 'lina')).toMatchObject([
      { externalUserId: customer, status: 'sent' },
    ])
    expect(await ledger(customer)).toMatchObject([{ via: 'mass', text: '好久不见' }])
  })

  it('refuses what WeCom would refuse without calling it', async () => {
    const before = await world.calls('/cgi-bin/externalcontact/send_welcome_msg')
    await expect(wecom.write.sendWelcome('', body('x'))).rejects.toMatchObject({ kind: 'refused', errcode: 40058 })
    expect(await world.calls('/cgi-bin/externalcontact/send_welcome_msg')).toBe(before)
  })
})

describe('signing', () => {
  it('signs pages of our own host only', async () => {
    const url = 'http://127.0.0.1:3000/sidebar/?a=1#/x'
    const [corp, agent] = [await wecom.tickets.sign('corp', url), await wecom.tickets.sign('agent', url)]
    expect(corp.signature).toMatch(/^[0-9a-f]{40}$/)
    expect(agent.signature).not.toBe(corp.signature)
    for (const other of ['https://evil.example/', 'http://127.0.0.1:3000.evil.example/', 'javascript:1', 'x']) {
      await expect(wecom.tickets.sign('agent', other)).rejects.toMatchObject({ code: 'request.invalid' })
    }
  })

  it('turns a code into a member once', async () => {
    expect(wecom.oauth.authorizeUrl('client', { redirectUri: 'http://a/b?to=%2F', state: 's' })).toBe(
      `${world.url()}/connect/oauth2/authorize?appid=ww0000000000000001&redirect_uri=http%3A%2F%2Fa%2Fb%3Fto%3D%252F&response_type=code&scope=snsapi_base&state=s&agentid=1000002#wechat_redirect`,
    )
    expect(wecom.oauth.authorizeUrl('qr', { redirectUri: 'http://a', state: 's' })).toContain('/wwlogin/sso/login?')
    await expect(wecom.oauth.userOf('no such code')).rejects.toMatchObject({
      code: 'session.oauth_failed',
      params: { errcode: 40029 },
    })
  })
})
