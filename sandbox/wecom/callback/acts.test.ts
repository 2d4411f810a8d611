import { afterEach, beforeEach, expect, test } from 'vitest'
import { encrypt } from '@wecom/crypto'
import { admin } from '../admin/api.ts'
import { createAdminClient, type AdminCall } from '../admin/client.ts'
import { BOT_KEYS, KEYS, startSandbox, type Sandbox } from '../testing/harness.ts'
import { leavesOf, signatureOf } from '../testing/reader.ts'
import type { Receiver } from '../testing/receiver.ts'

let sandbox: Sandbox
let call: AdminCall
let receiver: Receiver
beforeEach(async () => {
  sandbox = await startSandbox()
  call = createAdminClient(sandbox.url)
  await sandbox.member('lina', '李娜')
  receiver = await sandbox.receiver()
})
afterEach(() => sandbox.close())

/** What the act has called back, without the fields all have. */
const caused = async (act: Promise<unknown>): Promise<Record<string, string>[]> => {
  receiver.received.length = 0
  await act
  await expect.poll(async () => (await call(admin.callbacks.idle)).pendingCallbacks).toBe(0)
  return receiver.received.map((one) => {
    const said = Object.fromEntries(leavesOf(one.xml ?? '').map((leaf) => [leaf.path, leaf.text]))
    const { ToUserName: _corp, CreateTime: _time, MsgType: _type, ...rest } = said
    return rest
  })
}

test('contacts: a member comes, changes, is renamed, leaves; only what changed is told', async () => {
  const save = (body: { userid: string; name?: string; position?: string; department?: number[] }) =>
    caused(call(admin.company.saveMember, { body }))
  expect(await save({ userid: 'wang', name: '王伟' })).toMatchObject([
    { Event: 'change_contact', ChangeType: 'create_user', UserID: 'wang', Name: '王伟', Department: '1', Status: '1' },
    { Event: 'subscribe', FromUserName: 'wang', AgentID: '1000002' },
  ])
  expect(await save({ userid: 'wang', position: '店长' })).toEqual([
    { FromUserName: 'sys', Event: 'change_contact', ChangeType: 'update_user', UserID: 'wang', Position: '店长' },
  ])
  expect(await save({ userid: 'wang', position: '店长' })).toEqual([])
  const met = sandbox.friends('wang')
  await caused(met)
  const { id } = await met
  expect(
    await caused(call(admin.company.renameMember, { params: { userid: 'wang' }, body: { new_userid: 'wang.wei' } })),
  ).toEqual([
    { FromUserName: 'sys', Event: 'change_contact', ChangeType: 'update_user', UserID: 'wang', NewUserID: 'wang.wei' },
  ])
  expect((await sandbox.state()).relations).toMatchObject([{ userid: 'wang.wei', external_userid: id }])
  expect(await caused(call(admin.company.leave, { params: { userid: 'wang.wei' } }))).toMatchObject([
    { ChangeType: 'delete_user', UserID: 'wang.wei' },
    { Event: 'unsubscribe', FromUserName: 'wang.wei' },
  ])
})

test('a half contact: welcomed once, with the first code or the second; archiving is agreed to', async () => {
  const welcome = (welcome_code: string | null) =>
    sandbox.post('externalcontact/send_welcome_msg', { welcome_code, text: { content: '欢迎' } })
  const half = async () => {
    const external_userid = await sandbox.customer()
    const pair = { userid: 'lina', external_userid }
    const { welcome_code } = await call(admin.customers.addHalf, { body: { ...pair, state: 'store_07' } })
    return { pair, welcome_code }
  }
  const first = await half()
  expect((await sandbox.state()).relations).toEqual([])
  expect(await welcome(first.welcome_code)).toMatchObject({ errcode: 0 })
  const [added] = await caused(call(admin.customers.add, { body: first.pair }))
  expect(added).toMatchObject({ ChangeType: 'add_external_contact' })
  expect(added).not.toHaveProperty('WelcomeCode')

  const second = await half()
  const both = await call(admin.customers.add, { body: second.pair })
  expect(await welcome(second.welcome_code)).toMatchObject({ errcode: 41051 })
  expect(await welcome(both.welcome_code)).toMatchObject({ errcode: 0 })
  expect(await caused(call(admin.customers.addHalf, { body: second.pair }).catch(String))).toEqual([])
  expect(await caused(half())).toMatchObject([
    { ChangeType: 'add_half_external_contact', UserID: 'lina', State: 'store_07', WelcomeCode: expect.any(String) },
  ])
  expect(await caused(call(admin.customers.agreeToArchiving, { body: first.pair }))).toMatchObject([
    { ChangeType: 'msg_audit_approved', UserID: 'lina', ExternalUserID: first.pair.external_userid },
  ])
})

test('the app’s visible range: who comes in subscribes, who is taken out unsubscribes', async () => {
  await caused(sandbox.member('wang'))
  const range = (body: { range: { users: string[]; parties: number[] } | null }) =>
    caused(call(admin.limits.range, { body }))
  expect(await range({ range: { users: ['lina'], parties: [] } })).toEqual([
    { FromUserName: 'wang', Event: 'unsubscribe', AgentID: '1000002' },
  ])
  expect(await range({ range: null })).toEqual([{ FromUserName: 'wang', Event: 'subscribe', AgentID: '1000002' }])
})

test('departments: made, renamed, moved, deleted', async () => {
  const save = (body: { id?: number; name?: string; parentid?: number }) =>
    caused(call(admin.company.saveDepartment, { body }))
  expect(await save({ name: '门店' })).toMatchObject([
    { ChangeType: 'create_party', Id: '2', Name: '门店', ParentId: '1', Order: '2' },
  ])
  expect(await save({ id: 2, name: '华南门店' })).toEqual([
    { FromUserName: 'sys', Event: 'change_contact', ChangeType: 'update_party', Id: '2', Name: '华南门店' },
  ])
  await save({ id: 3, name: '大区' })
  expect(await save({ id: 2, parentid: 3 })).toMatchObject([{ ChangeType: 'update_party', Id: '2', ParentId: '3' }])
  await expect(call(admin.company.deleteDepartment, { body: { id: 3 } })).rejects.toThrow(/departments below/)
  expect(await caused(call(admin.company.deleteDepartment, { body: { id: 2 } }))).toMatchObject([
    { ChangeType: 'delete_party', Id: '2' },
  ])
})

test('tags of the console: made, renamed, put in another order, deleted; those of the API say nothing', async () => {
  const made = await caused(call(admin.company.addTags, { body: { group: '等级', names: ['A', 'B'] } }))
  expect(made.map((one) => [one['ChangeType'], one['TagType']])).toEqual([
    ['create', 'tag_group'],
    ['create', 'tag'],
    ['create', 'tag'],
  ])
  const [group = '', a = '', b = ''] = made.map((one) => one['Id'] ?? '')
  const fired = (ChangeType: string, more: object) => [
    { FromUserName: 'sys', Event: 'change_external_tag', ChangeType, ...more },
  ]
  expect(await caused(call(admin.company.renameTag, { body: { id: a, name: 'AA' } }))).toEqual(
    fired('update', { Id: a, TagType: 'tag' }),
  )
  const shuffle = (body: { group_id?: string; ids: string[] }) => caused(call(admin.company.shuffleTags, { body }))
  expect(await shuffle({ group_id: group, ids: [b, a] })).toEqual(fired('shuffle', { Id: group }))
  expect(await shuffle({ ids: [group] })).toEqual(fired('shuffle', {}))
  expect(await sandbox.post('externalcontact/get_corp_tag_list', {})).toMatchObject({
    tag_group: [{ tag: [{ name: 'B' }, { name: 'AA' }] }],
  })
  expect(await caused(call(admin.company.deleteTag, { body: { id: group } }))).toEqual(
    fired('delete', { Id: group, TagType: 'tag_group' }),
  )
  expect(
    await caused(sandbox.post('externalcontact/add_corp_tag', { group_name: '来源', tag: [{ name: '门店' }] })),
  ).toEqual([])
})

test('a member opens the app, writes to it, uses its menu, is seen at a place', async () => {
  const from = { FromUserName: 'lina', AgentID: '1000002' }
  expect(await caused(call(admin.app.enter, { body: { userid: 'lina' } }))).toEqual([])
  await sandbox.post('agent/set', { agentid: 1000002, isreportenter: 1, report_location_flag: 1 })
  expect(await caused(call(admin.app.enter, { body: { userid: 'lina' } }))).toEqual([
    { ...from, Event: 'enter_agent', EventKey: '' },
  ])
  const said = await caused(call(admin.app.say, { body: { userid: 'lina', msgtype: 'text', content: '今天跟进谁？' } }))
  expect(said).toEqual([{ ...from, Content: '今天跟进谁？', MsgId: expect.stringMatching(/^\d{19}$/) }])
  expect(await sandbox.ledger('from=lina')).toMatchObject([
    { to: { kind: 'app', id: '1000002' }, via: 'chat', text: '今天跟进谁？', request: said[0]?.['MsgId'] },
  ])
  const scanned = { userid: 'lina', event: 'scancode_waitmsg' as const, key: 'scan', scan: { result: 'SKU7' } }
  expect(await caused(call(admin.app.menu, { body: scanned }))).toEqual([
    {
      ...from,
      Event: 'scancode_waitmsg',
      EventKey: 'scan',
      'ScanCodeInfo/ScanType': 'qrcode',
      'ScanCodeInfo/ScanResult': 'SKU7',
    },
  ])
  expect(await caused(call(admin.app.menu, { body: { userid: 'lina', event: 'click', key: 'today' } }))).toEqual([
    { ...from, Event: 'click', EventKey: 'today' },
  ])
  const place = { userid: 'lina', latitude: 23.1, longitude: 113.3 }
  expect(await caused(call(admin.app.locate, { body: place }))).toMatchObject([
    { ...from, Event: 'LOCATION', Latitude: '23.100000', Longitude: '113.300000', AppType: 'wxwork' },
  ])
  await expect(call(admin.app.enter, { body: { userid: 'nobody' } })).rejects.toThrow(/404.*nobody not found/)
})

test('a card: only buttons it has; what was chosen; a code for updating it', async () => {
  const option_list = [
    { id: 'high', text: '高' },
    { id: 'low', text: '低' },
  ]
  const sent = await sandbox.post('message/send', {
    touser: 'lina',
    agentid: 1000002,
    msgtype: 'template_card',
    template_card: {
      card_type: 'multiple_interaction',
      main_title: { title: '意向如何？' },
      action_menu: { desc: '更多', action_list: [{ text: '不再提醒', key: 'mute' }] },
      select_list: [{ question_key: 'intent', title: '意向', option_list }],
      submit_button: { text: '提交', key: 'submit' },
      task_id: 'followup-1',
    },
  })
  expect(sent).toMatchObject({ errcode: 0 })
  const press = (key: string) =>
    call(admin.app.press, {
      body: {
        userid: 'lina',
        task_id: 'followup-1',
        key,
        selected: [{ question_key: 'intent', option_ids: ['high'] }],
      },
    })
  const card = { FromUserName: 'lina', TaskId: 'followup-1', CardType: 'multiple_interaction', AgentID: '1000002' }
  expect(await caused(press('submit'))).toEqual([
    {
      ...card,
      Event: 'template_card_event',
      EventKey: 'submit',
      ResponseCode: expect.stringMatching(/^\w{43}$/),
      'SelectedItems/SelectedItem/QuestionKey': 'intent',
      'SelectedItems/SelectedItem/OptionIds/OptionId': 'high',
    },
  ])
  expect(await caused(press('mute'))).toMatchObject([{ ...card, Event: 'template_card_menu_event', EventKey: 'mute' }])
  await expect(press('other')).rejects.toThrow(/no button other/)
})

test('a passive reply reaches the member; one that is signed wrongly does not', async () => {
  const reply = (token: string): string => {
    const xml =
      '<xml><ToUserName>lina</ToUserName><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[王小明]]></Content></xml>'
    const encrypted = encrypt(KEYS.aesKey, xml, KEYS.corpId)
    return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature>${signatureOf(token, '1', 'n', encrypted)}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>`
  }
  const say = () => caused(call(admin.app.say, { body: { userid: 'lina', msgtype: 'text', content: '谁？' } }))
  receiver.next.push({ body: reply(KEYS.token) }, { body: reply('other') })
  await say()
  expect(await sandbox.ledger('to=lina')).toMatchObject([{ via: 'reply', msgtype: 'text', text: '王小明' }])
  await say()
  expect(await sandbox.ledger('to=lina')).toHaveLength(1)
  expect((await call(admin.callbacks.list)).at(-1)?.attempts).toMatchObject(
    [{ status: 200, error: /not signed/ }].map((one) => ({ ...one, error: expect.stringMatching(one.error) })),
  )
})

test('the AI bot: verified with an empty receive id; a streamed answer is asked for until it is finished', async () => {
  const bot = await sandbox.botReceiver()
  await expect(call(admin.app.saveBot, { body: { callbackUrl: receiver.url } })).rejects.toThrow(/verification/)
  const answer = (message: object): { body: string } => {
    const encrypted = encrypt(BOT_KEYS.aesKey, JSON.stringify(message), '')
    const msgsignature = signatureOf(BOT_KEYS.token, '7', 'n', encrypted)
    return { body: JSON.stringify({ encrypt: encrypted, msgsignature, timestamp: 7, nonce: 'n' }) }
  }
  bot.next.push(
    answer({ msgtype: 'stream', stream: { id: 's1', finish: false, content: '王小' } }),
    answer({ msgtype: 'stream', stream: { id: 's1', finish: true, content: '王小明' } }),
  )
  const { request } = await call(admin.app.sayToBot, { body: { userid: 'lina', text: '今天跟进谁？' } })
  const [asked, polled] = (await bot.until(2)).map((one): unknown => JSON.parse(one.xml ?? ''))
  expect(asked).toMatchObject({ msgid: request, from: { userid: 'lina' }, text: { content: '今天跟进谁？' } })
  expect(polled).toMatchObject({ msgtype: 'stream', stream: { id: 's1' }, from: { userid: 'lina' } })
  await expect
    .poll(() => sandbox.ledger('to=lina'))
    .toMatchObject([{ from: 'aib-sandbox', via: 'bot', msgtype: 'stream', text: '王小明' }])
  await call(admin.app.enterBot, { body: { userid: 'lina' } })
  expect(JSON.parse((await bot.until(3))[2]?.xml ?? '')).toMatchObject({ event: { eventtype: 'enter_chat' } })
})
