import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { type AdminCall, createAdminClient } from '../../sandbox/wecom/admin/client.ts'
import type { World } from '../support/world.ts'
import { isWide, startBrowser, type Actor, type Browser } from '../support/browser.ts'
import { expectNoProblems, openChat, openCompany } from './company.ts'

const soon = { timeout: 20_000 }
const Answer = z.looseObject({ errcode: z.int() })
const Token = z.object({ access_token: z.string() })
const text = z.string()
/** A week on, the sidebar's session has ended; of a customer no longer theirs the product tells a rep nothing. */
const outlived = { expected: [/status of 401/, /status of 403 .*\/api\/customers\//] }

/** The chat page of the sandbox with everything real behind it: what somebody does there really happens in WeCom, and shows. */
describe.each([
  ['desktop', { width: 1440, height: 900 }],
  ['phone', { width: 375, height: 812 }],
] as const)('the chat page on a %s', (device, viewport) => {
  let world: World
  let browser: Browser
  let sandbox: AdminCall
  let lina: Actor
  let chatId = ''
  let external = ''
  const isPhone = device === 'phone'

  /** A call of the platform's API, as the product makes it. */
  const platform = async (path: string, body: unknown, agent = false) => {
    const { wecomUrl, secrets } = world.stack
    const secret = agent ? secrets.WECOM_AGENT_SECRET : secrets.WECOM_CONTACT_SECRET
    const query = new URLSearchParams({ corpid: secrets.WECOM_CORP_ID, corpsecret: secret })
    const token = Token.parse(await (await fetch(`${wecomUrl}/cgi-bin/gettoken?${query.toString()}`)).json())
    const address = `${wecomUrl}/cgi-bin/${path}?access_token=${token.access_token}`
    return Answer.parse(await (await fetch(address, { method: 'POST', body: JSON.stringify(body) })).json())
  }
  const find = ({ page }: Actor, testId: string) => page.getByTestId(testId)
  const bubbles = ({ page }: Actor, via: string) => page.locator(`[data-testid="bubble"][data-via="${via}"]`)
  /** Leaves whatever a phone shows, back to the list. */
  const home = async (actor: Actor): Promise<void> => {
    for (const id of ['sidebar-close', 'back', 'sandbox-close'])
      if (isPhone && (await find(actor, id).isVisible())) await find(actor, id).click()
  }
  const goTo = async (actor: Actor, id: string): Promise<void> => {
    await home(actor)
    await find(actor, `conversation-${id}`).click()
  }
  const openPanel = async (tab: string): Promise<void> => {
    await home(lina)
    if (!(await find(lina, 'sandbox-panel').isVisible())) await find(lina, 'sandbox-open').click()
    await find(lina, `sandbox-tab-${tab}`).click()
  }
  const idOf = async (name: string): Promise<string> =>
    (await world.state()).customers.find((customer) => customer.name === name)?.external_userid ?? ''

  beforeAll(async () => {
    ;[world, browser] = await Promise.all([openCompany(), startBrowser()])
    sandbox = createAdminClient(world.stack.wecomUrl)
    chatId = (await sandbox(admin.groups.create, { body: { name: '护肤研究所', owner: 'lina' } })).chat_id
    const way = { scene: 2, chat_id_list: [chatId], remark: '群立牌' }
    expect((await platform('externalcontact/groupchat/add_join_way', way)).errcode).toBe(0)
    lina = await openChat(world, browser, 'lina', '', { viewport, ...outlived })
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await world?.close()
  })

  it('a customer scans the poster and stands in the chat, with the product’s sidebar beside it', async () => {
    await find(lina, 'scan-open').click()
    await find(lina, 'scan-way').selectOption({ label: '门店海报 · 李娜' })
    await find(lina, 'scan-name').fill('林晓雯')
    await find(lina, 'scan-confirm').click()
    await bubbles(lina, 'welcome').getByText('林晓雯你好').waitFor(soon)
    external = await idOf('林晓雯')
    await world.drain()
    if (isPhone) await find(lina, 'sidebar-toggle').click()
    else await find(lina, 'sidebar-reload').click()
    await lina.sidebar.getByTestId('customer-name').getByText('林晓雯').waitFor(soon)
  })

  it('another chat is another sidebar, asked for over the real JS-SDK', async () => {
    const { external_userid: other } = await sandbox(admin.customers.create, { body: { name: '徐静' } })
    await sandbox(admin.customers.add, { body: { userid: 'lina', external_userid: other } })
    await world.drain()
    await goTo(lina, other)
    if (isPhone) await find(lina, 'sidebar-toggle').click()
    await lina.sidebar.getByTestId('customer-name').getByText('徐静').waitFor(soon)
    const calls = await lina.page.evaluate('window.__bridgeLog.map(({ name, answer }) => [name, answer.userId])')
    expect(calls).toContainEqual(['getCurExternalContact', external])
    expect(calls).toContainEqual(['getCurExternalContact', other])
  })

  it('both sides of one chat: what the customer says the rep reads', async () => {
    await goTo(lina, external)
    await find(lina, 'view-switch').click()
    await find(lina, 'chat-input').fill('我是敏感肌')
    await find(lina, 'chat-send').click()
    await bubbles(lina, 'chat').getByText('我是敏感肌').waitFor()
    await find(lina, 'view-switch').click()
    await lina.page.locator(`[data-testid="bubble"][data-from="${external}"]`).getByText('我是敏感肌').waitFor()
    await find(lina, 'chat-input').fill('给您配一套舒缓的')
    await find(lina, 'chat-input').press('Enter')
    await bubbles(lina, 'chat').getByText('给您配一套舒缓的').waitFor()
    const lines = await sandbox(admin.customers.chat, { query: { userid: 'lina', external_userid: external } })
    expect(lines.map((line) => line.text).slice(-2)).toEqual(['我是敏感肌', '给您配一套舒缓的'])
  })

  it('the same customer scans the group’s code and is in the group', async () => {
    await home(lina)
    await find(lina, 'scan-open').click()
    await find(lina, 'scan-way').selectOption({ label: '群立牌 · 护肤研究所' })
    await find(lina, 'scan-existing').check()
    await find(lina, 'scan-customer').selectOption({ label: '林晓雯' })
    await find(lina, 'scan-confirm').click()
    await find(lina, 'members-open').click()
    await find(lina, `member-${external}`).getByText('林晓雯').waitFor()
    await lina.page.keyboard.press('Escape')
    await find(lina, 'chat-input').fill('欢迎新朋友')
    await find(lina, 'chat-send').click()
    await bubbles(lina, 'chat').getByText('欢迎新朋友').waitFor()
    expect(await world.ledger({ to: chatId })).toMatchObject([{ from: 'lina', text: '欢迎新朋友' }])
  })

  it('a rep makes an internal group and notes who a customer is; the company hears of the note', async () => {
    await home(lina)
    await find(lina, 'group-create').click()
    await lina.page.getByLabel('内部群').check()
    await find(lina, 'group-name').fill('护肤顾问')
    await lina.page.getByLabel('陈晨').check()
    await find(lina, 'group-confirm').click()
    await lina.page.getByRole('heading', { name: '护肤顾问' }).waitFor()
    const made = (await world.state()).groups.find(({ name }) => name === '护肤顾问')
    expect(made).toMatchObject({ kind: 'internal', owner: 'lina' })
    expect(made?.members.map(({ id }) => id)).toEqual(['lina', 'chenchen'])

    await goTo(lina, external)
    await find(lina, 'card-open').click()
    await find(lina, 'card-edit').click()
    await find(lina, 'card-remark').fill('晓雯 静安门店')
    await lina.page.getByLabel('敏感肌').check()
    await find(lina, 'card-save').click()
    await find(lina, 'contact-card').waitFor()
    await lina.page.keyboard.press('Escape')
    await lina.page.getByRole('heading', { name: '晓雯 静安门店' }).waitFor()
    const edits = await sandbox(admin.callbacks.list, { query: { since: '0' } })
    expect(edits.filter(({ event }) => event.endsWith('edit_external_contact')).length).toBeGreaterThan(0)
    await world.drain()
  })

  it('the rep leaves one customer out of a mass message and sends it to the others', async () => {
    const other = await idOf('徐静')
    const made = await platform('externalcontact/add_msg_template', {
      external_userid: [external, other],
      sender: 'lina',
      allow_select: true,
      text: { content: '会员日今晚八点' },
    })
    await home(lina)
    await find(lina, 'mass-badge').click()
    const task = lina.page.locator(`[data-msgid="${text.parse(made['msgid'])}"]`)
    await task.getByTestId(`target-${other}`).uncheck()
    await task.getByTestId('mass-confirm').click()
    await find(lina, 'toast').getByText('1 位已收到').waitFor()
    await lina.page.locator(`[data-msgid="${text.parse(made['msgid'])}"][data-status="sent"]`).waitFor()
    expect((await world.ledger({ via: 'mass' })).map(({ to }) => to.id)).toEqual([external])
  })

  it('the rep publishes a moment of the company, a customer likes it', async () => {
    const made = await platform('externalcontact/add_moment_task', { text: { content: '换季护肤三步' } })
    expect(made.errcode).toBe(0)
    await world.advance(2_000)
    await goTo(lina, 'moments')
    await find(lina, 'moment-confirm').click()
    await find(lina, 'moment').getByText('2 位客户看得到').waitFor()
    const customer = await openChat(world, browser, external, '', { viewport })
    await goTo(customer, 'moments')
    await find(customer, 'moment-like').click()
    await find(customer, 'toast').getByText('1 个赞').waitFor()
    expectNoProblems(customer)
  })

  it('a button of the app’s card calls the app back', async () => {
    const card = {
      card_type: 'button_interaction',
      main_title: { title: '林晓雯 32 天没有买了' },
      task_id: 'follow-1',
      button_list: [{ text: '我来跟进', style: 1, key: 'take' }],
    }
    const agentid = Number(world.stack.secrets.WECOM_AGENT_ID)
    const sent = { touser: 'lina', agentid, msgtype: 'template_card', template_card: card }
    expect((await platform('message/send', sent, true)).errcode).toBe(0)
    await goTo(lina, 'app')
    await find(lina, 'card-button-take').click()
    await find(lina, 'card-button-take').getByText('已提交').waitFor()
    const deliveries = await sandbox(admin.callbacks.list, { query: { since: '0' } })
    const [press] = deliveries.filter(({ event }) => event === 'template_card_event')
    expect(press?.message).toContain('<TaskId><![CDATA[follow-1]]></TaskId>')
    const code = /<ResponseCode><!\[CDATA\[(\w+)/.exec(press?.message ?? '')?.[1]
    const button = { replace_name: '李娜已跟进' }
    const update = { userids: ['lina'], agentid, response_code: code, button }
    expect((await platform('message/update_template_card', update, true)).errcode).toBe(0)
    await find(lina, 'template-card').getByText('李娜已跟进').waitFor()
  })

  it('a fault is added with one press, hits the platform’s API, and is removed', async () => {
    const welcome = async () =>
      (await platform('externalcontact/send_welcome_msg', { welcome_code: 'none', text: { content: '你好' } })).errcode
    await openPanel('faults')
    await find(lina, 'fault-target').selectOption({ label: '欢迎语' })
    await find(lina, 'fault-add-busy').click()
    await find(lina, 'fault').getByText('频率超限一分钟').waitFor()
    expect(await welcome()).toBe(45009)
    await find(lina, 'fault').getByText('欢迎语').getByText('命中 1 次').waitFor()
    await find(lina, 'fault-remove').click()
    await find(lina, 'fault').waitFor({ state: 'detached' })
    expect(await welcome()).toBe(41050)
    await openPanel('requests')
    await lina.page.locator('[data-testid="request"][data-errcode="45009"]').first().waitFor()
  })

  it('callbacks come twice while they are told to, and the product sees one customer', async () => {
    await openPanel('callbacks')
    await find(lina, 'mode-twice').check()
    await expect.poll(() => sandbox(admin.callbacks.mode), soon).toMatchObject({ repeat: 2 })
    const { external_userid } = await sandbox(admin.customers.create, { body: { name: '高宇航' } })
    await sandbox(admin.customers.add, { body: { userid: 'lina', external_userid } })
    const added = lina.page
      .getByTestId('callback')
      .filter({ hasText: 'add_external_contact' })
      .filter({ hasText: '已送达' })
    await expect.poll(() => added.count(), soon).toBeGreaterThanOrEqual(2)
    await find(lina, 'mode-normal').check()
    await expect.poll(() => sandbox(admin.callbacks.mode), soon).toMatchObject({ repeat: 1 })
    await world.drain()
  })

  it('the ledger shows what was really received', async () => {
    await openPanel('ledger')
    await find(lina, 'ledger-via').selectOption('mass')
    const rows = find(lina, 'ledger-row')
    await rows.locator('summary').getByText('会员日今晚八点').waitFor()
    expect(await rows.count()).toBe(1)
  })

  it('the clock moves by a press, and to a moment', async () => {
    const before = await world.now()
    await openPanel('clock')
    await find(lina, 'sandbox-panel').getByTestId('clock-plus-1h').click()
    await expect.poll(async () => (await world.now()) - before, soon).toBeGreaterThanOrEqual(3_600_000)
    await find(lina, 'clock-date').fill('2026-06-08T09:30')
    await find(lina, 'clock-go').click()
    const wanted = Date.parse('2026-06-08T09:30:00+08:00')
    await expect.poll(async () => Math.abs((await world.now()) - wanted), soon).toBeLessThan(60_000)
    await find(lina, 'sandbox-panel').getByText('2026年6月8日').waitFor()
    await find(lina, 'sandbox-close').click()
  })

  it('the customer deletes the rep, who is told; the rep deletes the customer, who is gone', async () => {
    await goTo(lina, external)
    await find(lina, 'view-switch').click()
    await find(lina, 'card-open').click()
    await find(lina, 'block-rep').click()
    await find(lina, 'ask-confirm').click()
    await find(lina, 'cut').getByText('你已删除这位员工').waitFor()
    expect(await find(lina, 'chat-input').isDisabled()).toBe(true)
    await find(lina, 'view-switch').click()
    await find(lina, 'cut').getByText('对方已把你从好友中删除').waitFor()
    await find(lina, 'card-open').click()
    await find(lina, 'delete-customer').click()
    await find(lina, 'ask-confirm').click()
    await find(lina, 'cut').getByText('你们还不是好友').waitFor()
    const { relations } = await world.state()
    expect(relations.filter(({ external_userid }) => external_userid === external)).toEqual([])
  })

  it('nothing scrolls sideways, and nothing went wrong in the browser', async () => {
    expect(await isWide(lina.page)).toBe(false)
    expectNoProblems(lina)
  })
})
