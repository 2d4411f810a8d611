// @vitest-environment happy-dom
import type * as Sdk from '@wecom/jssdk'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Bridge, createBridge } from './bridge.ts'
import type { Answer } from './ending.ts'
import type { BridgeHost, Entry } from './host.ts'

/** The real @wecom/jssdk talks to the bridge here, as it does in the sidebar. */

const TICKET = 'jsapi-ticket-of-the-app'
const ALL = [
  'getContext',
  'getCurExternalContact',
  'getCurExternalChat',
  'sendChatMessage',
  'openEnterpriseChat',
  'openExistedChatWithMsg',
  'updateEnterpriseChat',
  'navigateToAddCustomer',
  'selectExternalContact',
  'selectEnterpriseContact',
  'shareToExternalContact',
  'shareToExternalChat',
]

declare global {
  interface Window {
    WeixinJSBridge?: unknown
  }
}

let entry: Entry
let acts: [string, ...unknown[]][]
let calls: string[]
let picked: string[] | undefined
let ww: typeof Sdk
let bridge: Bridge
let loads = 0

function fakeHost(): BridgeHost {
  const note =
    (name: string) =>
    (...args: unknown[]): void => {
      acts.push([name, ...args])
    }
  const noteLater =
    (name: string) =>
    async (...args: unknown[]): Promise<void> => {
      acts.push([name, ...args])
    }
  return {
    corpId: () => 'ww1',
    agentId: () => '1000002',
    verify: async ({ signature, nonceStr, timestamp, url }) =>
      ww.getSignature({ ticket: TICKET, nonceStr, timestamp, url }).signature === signature,
    entry: () => entry,
    externalUserid: () => (entry === 'single_chat_tools' || entry === 'contact_profile' ? 'wm1' : undefined),
    chatId: () => (entry === 'group_chat_tools' ? 'wr1' : undefined),
    isContact: (id) => ['wm1', 'wm2'].includes(id),
    isMember: (id) => ['lina', 'zhangwei'].includes(id),
    hasChat: (id) => id === 'wr1',
    say: noteLater('say'),
    sayToMany: noteLater('sayToMany'),
    openChat: note('openChat'),
    createChat: async (...args) => {
      acts.push(['createChat', ...args])
      return 'wr2'
    },
    addToChat: noteLater('addToChat'),
    openCard: note('openCard'),
    openAddCustomer: note('openAddCustomer'),
    pickContacts: async () => picked,
    pickChats: async () => picked,
    pickMembers: async () => picked?.map((id) => ({ id, name: id, avatar: '' })),
    showPicture: note('showPicture'),
    copy: noteLater('copy'),
    openBrowser: note('openBrowser'),
    closePage: note('closePage'),
  }
}

/** What the script inside the page does: hands every call over, with the page's address. */
async function loadSdk() {
  const value = 'Mozilla/5.0 wxwork/4.1.36 MicroMessenger/7.0.1'
  Object.defineProperty(window.navigator, 'userAgent', { value, configurable: true })
  window.WeixinJSBridge = {
    invoke(name: string, params: Record<string, unknown>, reply: (answer: Answer) => void) {
      calls.push(name)
      void bridge.answer({ name, params, url: location.href }).then(reply)
    },
    on: () => undefined,
  }
  // A query makes it another module: the SDK keeps its registration, and reads the user agent once, at import.
  loads += 1
  ww = await vi.importActual<typeof Sdk>(`@wecom/jssdk/dist/wecom.prod.js?fresh=${loads}`)
}

function register(jsApiList = ALL, ticket = TICKET) {
  ww.register({
    corpId: 'ww1',
    agentId: 1000002,
    jsApiList,
    getAgentConfigSignature: (url) => ww.getSignature({ ticket, url }),
  })
}
/** How a call ended, whether it resolved or rejected. */
async function endOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (result) => result,
    (error: unknown) => error,
  )
}

beforeEach(async () => {
  entry = 'single_chat_tools'
  acts = []
  calls = []
  picked = ['wm2']
  history.replaceState(null, '', '/sidebar/?x=1')
  bridge = createBridge(fakeHost())
  await loadSdk()
})

describe('registration', () => {
  it('accepts a signature made with the ticket for this address, once for several calls', async () => {
    register()
    await expect(ww.getContext()).resolves.toMatchObject({ errMsg: 'getContext:ok', errCode: 0, entry })
    await expect(ww.getCurExternalContact()).resolves.toMatchObject({ userId: 'wm1' })
    expect(calls).toEqual(['agentConfig', 'getContext', 'getCurExternalContact'])
  })

  it('asks for a new signature on another path', async () => {
    register()
    await ww.getContext()
    history.pushState(null, '', '/sidebar/other')
    await ww.getContext()
    expect(calls).toEqual(['agentConfig', 'getContext', 'agentConfig', 'getContext'])
  })

  it('refuses a wrong signature with 40093', async () => {
    const onUnhandled = vi.fn()
    process.once('unhandledRejection', onUnhandled)
    register(ALL, 'another ticket')
    await expect(ww.getContext()).rejects.toMatchObject({ errMsg: 'agentConfig:fail', errCode: 40093 })
    expect(calls).not.toContain('getContext')
  })

  it.each([
    ['without agentConfig', undefined],
    ['outside of the jsApiList', ['getContext']],
  ])('refuses a call %s', async (_case, list) => {
    if (list) register(list)
    await expect(ww.getCurExternalContact()).rejects.toMatchObject({
      errMsg: expect.stringMatching(/fail no permission/),
    })
  })

  it('forgets what was allowed when another page is opened', async () => {
    register()
    await ww.getContext()
    bridge.reset()
    await expect(ww.getContext()).rejects.toMatchObject({ errMsg: 'getContext:fail no permission' })
  })
})

describe('answers', () => {
  type Case = [name: string, entry: Entry, call: () => Promise<unknown>, end: Record<string, unknown>, act?: unknown[]]
  const news = { link: 'https://shop.example.com/a', title: '会员日', desc: '', imgUrl: '' }
  const cases: Case[] = [
    ['getContext in a group', 'group_chat_tools', () => ww.getContext(), { entry: 'group_chat_tools' }],
    ['customer from the profile', 'contact_profile', () => ww.getCurExternalContact(), { userId: 'wm1' }],
    [
      'customer in a group',
      'group_chat_tools',
      () => ww.getCurExternalContact(),
      { errMsg: 'getCurExternalContact:fail without context of external contact', errCode: -1 },
    ],
    ['group in a group', 'group_chat_tools', () => ww.getCurExternalChat(), { chatId: 'wr1' }],
    [
      'group with a customer',
      'single_chat_tools',
      () => ww.getCurExternalChat(),
      { errMsg: 'getCurExternalChat:fail without context of external contact' },
    ],
    [
      'text to the customer',
      'single_chat_tools',
      () => ww.sendChatMessage({ msgtype: 'text', text: { content: '你好' } }),
      { errMsg: 'sendChatMessage:ok' },
      ['say', { external_userid: 'wm1' }, { msgtype: 'text', text: '你好', content: { text: { content: '你好' } } }],
    ],
    [
      'link to the group',
      'group_chat_tools',
      () => ww.sendChatMessage({ msgtype: 'news', news }),
      { errMsg: 'sendChatMessage:ok' },
      [
        'say',
        { chat_id: 'wr1' },
        { msgtype: 'news', text: '[链接] 会员日 https://shop.example.com/a', content: { news } },
      ],
    ],
    [
      'link without address',
      'single_chat_tools',
      () => ww.sendChatMessage({ msgtype: 'news', news: { ...news, link: '' } }),
      { errMsg: 'sendChatMessage:msglinkmissingurl' },
    ],
    [
      'link with a bad picture',
      'single_chat_tools',
      () => ww.sendChatMessage({ msgtype: 'news', news: { ...news, imgUrl: 'data:x' } }),
      { errMsg: 'sendChatMessage:fail invalid imgurl' },
    ],
    [
      'unknown msgtype',
      'single_chat_tools',
      () => ww.ensureAgentConfigReady().then(() => ww.invoke('sendChatMessage', { msgtype: 'poem' })),
      { errMsg: 'sendChatMessage:unsupportedmsgtype' },
    ],
    [
      'message from the profile',
      'contact_profile',
      () => ww.sendChatMessage({ msgtype: 'text', text: { content: '你好' } }),
      { errMsg: 'sendChatMessage:fail without context of external contact' },
    ],
    [
      'open a group',
      'normal',
      () => ww.openEnterpriseChat({ chatId: 'wr1' }),
      { chatId: 'wr1' },
      ['openChat', { chat_id: 'wr1' }],
    ],
    [
      'open a customer',
      'normal',
      () => ww.openEnterpriseChat({ externalUserIds: ['wm2'] }),
      { errMsg: 'openEnterpriseChat:ok' },
      ['openChat', { external_userid: 'wm2' }],
    ],
    [
      'new group',
      'normal',
      () => ww.openEnterpriseChat({ groupName: '新群', userIds: ['zhangwei'], externalUserIds: ['wm1', 'wm2'] }),
      { chatId: 'wr2' },
      ['createChat', '新群', ['zhangwei'], ['wm1', 'wm2']],
    ],
    [
      'open a stranger',
      'normal',
      () => ww.openEnterpriseChat({ externalUserIds: ['wm9'] }),
      { errMsg: 'openEnterpriseChat:fail no permission' },
    ],
    [
      'group with a link',
      'normal',
      () =>
        ww.openExistedChatWithMsg({ chatId: 'wr1', msg: { msgtype: 'link', link: { url: 'https://a.example.com' } } }),
      { errMsg: 'openExistedChatWithMsg:ok' },
      ['openChat', { chat_id: 'wr1' }],
    ],
    [
      'add a colleague',
      'normal',
      () => ww.updateEnterpriseChat({ chatId: 'wr1', userIdsToAdd: ['zhangwei'] }),
      { errMsg: 'updateEnterpriseChat:ok' },
      ['addToChat', 'wr1', ['zhangwei']],
    ],
    [
      'customer card',
      'normal',
      () => ww.openUserProfile({ type: ww.OpenUserProfileType.external, userid: 'wm1' }),
      { errMsg: 'openUserProfile:ok' },
      ['openCard', 'wm1'],
    ],
    [
      'add a customer',
      'normal',
      () => ww.navigateToAddCustomer(),
      { errMsg: 'navigateToAddCustomer:ok' },
      ['openAddCustomer'],
    ],
    ['choose customers', 'normal', () => ww.selectExternalContact(), { userIds: ['wm2'] }],
    [
      'share',
      'normal',
      () => ww.shareToExternalContact({ text: { content: '大家好' } }),
      { errMsg: 'shareToExternalContact:ok' },
      [
        'sayToMany',
        [{ external_userid: 'wm2' }],
        [{ msgtype: 'text', text: '大家好', content: { text: { content: '大家好' } } }],
      ],
    ],
    [
      'checkJsApi',
      'normal',
      () => ww.checkJsApi({ jsApiList: ['previewImage', 'nope'] }),
      { checkResult: { previewImage: true, nope: false } },
    ],
    [
      'picture',
      'normal',
      () => ww.previewImage({ current: 'https://a.example.com/1.png', urls: [] }),
      {},
      ['showPicture', 'https://a.example.com/1.png'],
    ],
    [
      'clipboard',
      'normal',
      () => ww.setClipboardData({ data: '抄' }),
      { errMsg: 'setClipboardData:ok' },
      ['copy', '抄'],
    ],
    [
      'browser',
      'normal',
      () => ww.openDefaultBrowser({ url: 'https://a.example.com' }),
      {},
      ['openBrowser', 'https://a.example.com'],
    ],
    ['close', 'normal', () => ww.closeWindow(), { errMsg: 'closeWindow:ok' }, ['closePage']],
    ['unknown function', 'normal', () => ww.invoke('makeCoffee'), { errMsg: 'makeCoffee:function not exist' }],
  ]

  it.each(cases)('%s (%s)', async (_name, from, call, end, act) => {
    entry = from
    register()
    expect(await endOf(call())).toMatchObject(end)
    if (act) expect(acts).toContainEqual(act)
    else expect(acts).toEqual([])
  })

  it.each([
    ['shareToExternalContact', () => ww.shareToExternalContact({ text: { content: '大家好' } })],
    ['shareToExternalChat', () => ww.shareToExternalChat({ text: { content: '大家好' } })],
    ['selectExternalContact', () => ww.selectExternalContact()],
  ])('%s ends with cancel when the member gives up', async (name, call) => {
    picked = undefined
    register()
    await expect(call()).rejects.toMatchObject({ errMsg: `${name}:cancel` })
    expect(acts).toEqual([])
  })

  it('names the colleagues chosen', async () => {
    picked = ['zhangwei']
    register()
    const { multi } = ww.SelectEnterpriseContactMode
    const wish = { fromDepartmentId: -1, mode: multi, type: [ww.SelectEnterpriseContactType.user] }
    const userList = [{ id: 'zhangwei', name: 'zhangwei', avatar: '' }]
    await expect(ww.selectEnterpriseContact(wish)).resolves.toMatchObject({ result: { departmentList: [], userList } })
  })
})
