import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { admin } from '../admin/api.ts'
import { createAdminClient, type AdminCall } from '../admin/client.ts'
import { leavesOf } from '../testing/reader.ts'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import type { Receiver } from '../testing/receiver.ts'
import { EVENTS } from './catalog/catalog.ts'

/** One callback of the platform's documentation: what it always carries, and what may be left out. Names with `/` stand inside others. */
type Row = [always: string, optional?: string]

const card = 'EventKey TaskId CardType ResponseCode AgentID'
const chosen = 'SelectedItems/SelectedItem/QuestionKey SelectedItems/SelectedItem/OptionIds/OptionId'
const members = 'MemChangeCnt MemChangeList/Item LastMemVer CurMemVer'
const pair = 'UserID ExternalUserID'
const user = 'Name Department MainDepartment IsLeaderInDept Status'
const moreUser =
  'DirectLeader Position Mobile Gender Email BizMail Avatar Alias Telephone Address ExtAttr/Item/Name ExtAttr/Item/Type ExtAttr/Item/Text/Value ExtAttr/Item/Web/Title ExtAttr/Item/Web/Url'
const tag = 'Id TagType'
const scan = 'EventKey ScanCodeInfo/ScanType ScanCodeInfo/ScanResult AgentID'
const pictures = 'EventKey SendPicsInfo/Count SendPicsInfo/PicList/item/PicMd5Sum AgentID'
const place =
  'EventKey SendLocationInfo/Location_X SendLocationInfo/Location_Y SendLocationInfo/Scale SendLocationInfo/Label SendLocationInfo/Poiname AgentID'

/** The customer, group, tag, link, contacts and other events (sections 8 to 13), by Event.ChangeType and variant. */
const events: Record<string, Row> = {
  'change_external_contact.add_external_contact': [`${pair} WelcomeCode`, 'State'],
  'change_external_contact.edit_external_contact': [pair, 'State'],
  'change_external_contact.add_half_external_contact': [`${pair} WelcomeCode`, 'State'],
  'change_external_contact.del_external_contact': [pair, 'Source'],
  'change_external_contact.del_follow_user': [pair],
  'change_external_contact.transfer_fail': [`FailReason ${pair}`],
  'change_external_contact.msg_audit_approved': [pair, 'WelcomeCode'],
  'change_external_chat.create': ['ChatId'],
  'change_external_chat.update': [`ChatId UpdateDetail JoinScene ${members}`],
  'change_external_chat.update.del_member': [`ChatId UpdateDetail QuitScene ${members}`],
  'change_external_chat.update.change_owner': ['ChatId UpdateDetail'],
  'change_external_chat.update.change_name': ['ChatId UpdateDetail'],
  'change_external_chat.update.change_notice': ['ChatId UpdateDetail'],
  'change_external_chat.dismiss': ['ChatId'],
  'change_external_tag.create': [tag, 'StrategyId'],
  'change_external_tag.update': [tag, 'StrategyId'],
  'change_external_tag.delete': [tag, 'StrategyId'],
  'change_external_tag.shuffle': ['', 'Id StrategyId'],
  'customer_acquisition.balance_low': [''],
  'customer_acquisition.balance_exhausted': [''],
  'customer_acquisition.balance_increased': [''],
  'customer_acquisition.quota_expire_soon': ['ExpireTime ExpireQuotaNum'],
  'customer_acquisition.link_unavailable': ['LinkId'],
  'customer_acquisition.delete_link': ['LinkId'],
  'customer_acquisition.open_profile': ['LinkId', 'State'],
  'customer_acquisition.friend_request': ['LinkId', 'State'],
  'customer_acquisition.customer_start_chat': [`LinkId ${pair}`, 'State'],
  'customer_acquisition.message_from_customer': ['LinkId ChatKey', 'State'],
  'customer_acquisition.message_from_customer.old': [`LinkId ${pair} ChatSeq`, 'State'],
  'customer_acquisition.del_follow_user': [pair, 'LinkId'],
  'change_contact.create_user': [`UserID ${user}`, moreUser],
  'change_contact.update_user': ['UserID', `NewUserID ${user} ${moreUser}`],
  'change_contact.delete_user': ['UserID'],
  'change_contact.create_party': ['Id Name ParentId Order'],
  'change_contact.update_party': ['Id', 'Name ParentId'],
  'change_contact.delete_party': ['Id'],
  'change_contact.update_tag': ['TagId', 'AddUserItems DelUserItems AddPartyItems DelPartyItems'],
  msgaudit_notify: ['AgentID'],
  kf_msg_or_event: ['Token OpenKfId'],
  kf_account_auth_change: ['', 'AuthAddOpenKfId AuthDelOpenKfId'],
  template_card_event: [card, chosen],
  'template_card_event.opiton': [`${card} ${chosen.replaceAll('Option', 'Opiton')}`],
  template_card_menu_event: [card],
  enter_agent: ['EventKey AgentID'],
  subscribe: ['AgentID'],
  unsubscribe: ['AgentID'],
  click: ['EventKey AgentID'],
  view: ['EventKey AgentID'],
  view_miniprogram: ['EventKey AgentID'],
  scancode_push: [scan],
  scancode_waitmsg: [scan],
  pic_sysphoto: [pictures],
  pic_photo_or_album: [pictures],
  pic_weixin: [pictures],
  location_select: [place],
  LOCATION: ['Latitude Longitude Precision AppType AgentID'],
  batch_job_result: ['BatchJob/JobId BatchJob/JobType BatchJob/ErrCode BatchJob/ErrMsg'],
  upload_media_job_finish: ['JobId'],
  close_inactive_agent: ['AgentID'],
  reopen_inactive_agent: ['AgentID'],
  taskcard_click: ['EventKey TaskId AgentID'],
}

/** Ordinary messages (section 14). */
const messages: Record<string, Row> = {
  'message.text': ['Content MsgId AgentID'],
  'message.image': ['PicUrl MediaId MsgId AgentID'],
  'message.voice': ['MediaId Format MsgId AgentID'],
  'message.video': ['MediaId ThumbMediaId MsgId AgentID'],
  'message.location': ['Location_X Location_Y Scale Label AppType MsgId AgentID'],
  'message.link': ['Title Description Url PicUrl MsgId AgentID'],
}

const bot = 'msgid aibotid chattype from/userid msgtype'
const quote = 'quote/msgtype quote/text/content'
const event = `${bot} create_time event/eventtype`
const choice = 'event/template_card_event'

/** The AI bot's callbacks (section 16.1). */
const bots: Record<string, Row> = {
  'aibot.text': [`${bot} response_url text/content`, `chatid ${quote}`],
  'aibot.image': [`${bot} response_url image/url`, quote],
  'aibot.mixed': [
    `${bot} response_url mixed/msg_item/msgtype mixed/msg_item/text/content mixed/msg_item/image/url`,
    `chatid ${quote}`,
  ],
  'aibot.voice': [`${bot} response_url voice/content`, quote],
  'aibot.file': [`${bot} response_url file/url`, quote],
  'aibot.video': [`${bot} response_url video/url`, quote],
  'aibot.stream': [`${bot} stream/id`, 'chatid'],
  'aibot.event.enter_chat': [event, 'chatid'],
  'aibot.event.template_card_event': [
    `${event} ${choice}/card_type ${choice}/event_key ${choice}/task_id ${choice}/selected_items/selected_item/question_key ${choice}/selected_items/selected_item/option_ids/option_id`,
    'chatid',
  ],
  'aibot.event.feedback_event': [
    `${event} event/feedback_event/id event/feedback_event/type event/feedback_event/content event/feedback_event/inaccurate_reason_list`,
    'chatid',
  ],
}

/** Written bare; everything else is text. */
const INTEGERS = new Set(
  'CreateTime MsgId AgentID JoinScene QuitScene MemChangeCnt ExpireTime ExpireQuotaNum ChatSeq MainDepartment Gender Status ExtAttr/Item/Type Id ParentId Order TagId BatchJob/ErrCode SendPicsInfo/Count Scale'.split(
    ' ',
  ),
)
const TEXT_IDS = new Set(['change_external_tag', 'customer_acquisition'])

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted()

let sandbox: Sandbox
let call: AdminCall
let app: Receiver
let aibot: Receiver
beforeAll(async () => {
  sandbox = await startSandbox()
  call = createAdminClient(sandbox.url)
  await sandbox.member('lina')
  await sandbox.friends('lina')
  await call(admin.customers.create, { body: { name: '王小明' } })
  await call(admin.company.addTags, { body: { group: '等级', names: ['A'] } })
  await call(admin.groups.create, { body: { name: '客户群', owner: 'lina' } })
  app = await sandbox.receiver()
  aibot = await sandbox.botReceiver()
})
afterAll(() => sandbox.close())

/** What the receiver got of one event. */
const received = async (name: string, full: boolean): Promise<string> => {
  const receiver = name.startsWith('aibot.') ? aibot : app
  receiver.received.length = 0
  await call(admin.callbacks.emit, { body: { event: name, full } })
  const [one] = await receiver.until(1)
  expect(one).toMatchObject({ signed: true, receiveid: receiver === aibot ? '' : 'wwtest0000000001' })
  return one?.xml ?? ''
}

test('every callback of the documentation has a maker, and there is no other', () => {
  expect(sorted(Object.keys(EVENTS))).toEqual(sorted(Object.keys({ ...events, ...messages, ...bots })))
})

describe.each([
  ...Object.entries(events).map(([name, row]) => ({ name, row, common: 'Event' })),
  ...Object.entries(messages).map(([name, row]) => ({ name, row, common: '' })),
])('$name', ({ name, row: [always, optional = ''], common }) => {
  const head = words(`ToUserName FromUserName CreateTime MsgType ${common}`)
  const [kind = '', change] = name.split('.')
  if (common !== '' && change !== undefined && kind !== 'template_card_event') head.push('ChangeType')

  test.each([false, true])('has exactly its fields (with the optional ones: %s)', async (full) => {
    const leaves = leavesOf(await received(name, full))
    const paths = leaves.map((leaf) => leaf.path)
    expect(sorted(paths)).toEqual(sorted([...head, ...words(always), ...(full ? words(optional) : [])]))
    expect(paths.slice(0, 4)).toEqual(head.slice(0, 4))
    const said = (path: string): string | undefined => leaves.find((leaf) => leaf.path === path)?.text
    expect(said('ToUserName')).toBe('wwtest0000000001')
    expect(said('MsgType')).toBe(common === '' ? change : 'event')
    if (common !== '') expect(said('Event')).toBe(kind)
    if (head.includes('ChangeType')) expect(said('ChangeType')).toBe(change)
    for (const { path, text, isCdata } of leaves) {
      const isNumber = INTEGERS.has(path) && !(path === 'Id' && TEXT_IDS.has(kind))
      expect([path, isCdata || text === '']).toEqual([path, !isNumber])
      if (isNumber) expect(text).toMatch(/^\d+$/)
      expect(text).not.toMatch(/^@/)
    }
  })
})

describe.each(Object.entries(bots))('%s', (name, [always, optional = '']) => {
  test.each([false, true])('has exactly its fields (with the optional ones: %s)', async (full) => {
    const json: unknown = JSON.parse(await received(name, full))
    expect(sorted(pathsIn(json))).toEqual(sorted([...words(always), ...(full ? words(optional) : [])]))
  })
})

test('a message id has 64 bits and is exact; two are never the same', async () => {
  const idOf = (xml: string): string => /<MsgId>(\d+)<\/MsgId>/.exec(xml)?.[1] ?? ''
  const ids = [idOf(await received('message.text', false)), idOf(await received('message.text', false))]
  for (const id of ids) {
    expect(BigInt(id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
    expect(BigInt.asIntN(64, BigInt(id))).toBe(BigInt(id))
  }
  expect(new Set(ids).size).toBe(2)
  app.received.length = 0
  await call(admin.callbacks.emit, { body: { event: 'message.text', fields: { MsgId: '7123456789012345678' } } })
  expect(idOf((await app.until(1))[0]?.xml ?? '')).toBe('7123456789012345678')
})

test('both encodings of MemChangeList, with one member and with two', async () => {
  const listed = async (list: string | { Item: string[] }): Promise<string> => {
    app.received.length = 0
    await call(admin.callbacks.emit, {
      body: { event: 'change_external_chat.update', fields: { MemChangeList: list } },
    })
    return /<MemChangeList>(.*)<\/MemChangeList>/.exec((await app.until(1))[0]?.xml ?? '')?.[1] ?? ''
  }
  expect(await listed({ Item: ['wmA', 'wmB'] })).toBe('<Item><![CDATA[wmA]]></Item><Item><![CDATA[wmB]]></Item>')
  expect(await listed({ Item: ['wmA'] })).toBe('<Item><![CDATA[wmA]]></Item>')
  expect(await listed('wmA,wmB')).toBe('<![CDATA[wmA,wmB]]>')
  expect(await listed('wmA')).toBe('<![CDATA[wmA]]>')
})

function pathsIn(value: unknown, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => pathsIn(item, at))
  if (typeof value !== 'object' || value === null) return [at]
  return Object.entries(value).flatMap(([name, child]) => pathsIn(child, at === '' ? name : `${at}/${name}`))
}
