import type * as Sdk from '@wecom/jssdk'
import { vi } from 'vitest'
import { type Bridge, createBridge } from '../bridge.ts'
import type { Answer } from '../ending.ts'
import type { BridgeHost, Entry } from '../host.ts'

/** A client for tests: the real @wecom/jssdk talks to the real bridge, as it does in the sidebar; only the client's windows are not there. */
export interface Client {
  ww: typeof Sdk
  bridge: Bridge
  /** What the client was told to do, in order. */
  acts: [string, ...unknown[]][]
  /** Names that crossed the bridge. */
  calls: string[]
  entry: Entry
  isPhone: boolean
  /** What the member chooses, and whether they agree; undefined: they give up. */
  picked: string[] | undefined
  /** Why the platform refuses to send; empty: it does not. */
  refusal: string
  register(jsApiList?: string[], ticket?: string): void
}

const TICKET = 'jsapi-ticket-of-the-app'
export const ALL = [
  ...['getContext', 'getCurExternalContact', 'getCurExternalChat', 'hideChatAttachmentMenu'],
  ...['sendChatMessage', 'openEnterpriseChat', 'openExistedChatWithMsg', 'updateEnterpriseChat', 'createChatWithMsg'],
  ...['navigateToAddCustomer', 'selectExternalContact', 'selectEnterpriseContact', 'selectExternalChat'],
  ...['shareToExternalContact', 'shareToExternalChat', 'shareToExternalMoments', 'updateMomentsSetting'],
  ...['chooseImage', 'uploadImage', 'launchMiniprogram', 'setShareAttr', 'getShareInfo'],
]

declare global {
  interface Window {
    WeixinJSBridge?: unknown
  }
}

/** The client's windows: the customer wm1 in a single chat, the group wr1 in a group; wm3 works in another company. */
function hostOf(client: Omit<Client, 'bridge' | 'ww'>, sdk: () => typeof Sdk): BridgeHost {
  const act = (...done: [string, ...unknown[]]) => void client.acts.push(done)
  const later = async (...done: [string, ...unknown[]]) => act(...done)
  const inSingle = () => ['single_chat_tools', 'contact_profile', 'chat_attachment'].includes(client.entry)
  return {
    async verify({ signature, nonceStr, timestamp, url }) {
      const ours = sdk().getSignature({ ticket: TICKET, nonceStr, timestamp, url })
      return { ok: ours.signature === signature, why: 'invalid signature' }
    },
    isPhone: () => client.isPhone,
    entry: () => client.entry,
    externalUserid: () => (inSingle() ? 'wm1' : undefined),
    chatId: () => (['group_chat_tools', 'internal_group_chat_board'].includes(client.entry) ? 'wr1' : undefined),
    isContact: (id) => ['wm1', 'wm2', 'wm3'].includes(id),
    isWechat: (id) => id !== 'wm3',
    isMember: (id) => ['lina', 'zhangwei'].includes(id),
    hasChat: (id) => id === 'wr1',
    async say(...args) {
      if (client.refusal) throw new Error(client.refusal)
      act('say', ...args)
    },
    sayToMany: (...args) => later('sayToMany', ...args),
    openChat: (target) => act('openChat', target),
    enterChat: () => act('enterChat'),
    async createChat(...args) {
      act('createChat', ...args)
      return 'wr2'
    },
    addToChat: (...args) => later('addToChat', ...args),
    openCard: (id) => act('openCard', id),
    openAddCustomer: () => act('openAddCustomer'),
    pickContacts: async () => client.picked,
    pickChats: async () => client.picked,
    async pickMembers({ departments }) {
      const userList = client.picked?.map((id) => ({ id, name: id, avatar: '' }))
      return userList && { departmentList: departments ? [{ id: '1', name: '门店' }] : [], userList }
    },
    hideAttachmentMenu: (items) => act('hideAttachmentMenu', items),
    async publishMoment(moment) {
      if (client.picked) act('publishMoment', moment)
      return client.picked !== undefined
    },
    async setMomentsCover(cover) {
      if (client.picked) act('setMomentsCover', cover)
      return client.picked !== undefined
    },
    chooseImages: async (count) => client.picked?.slice(0, count),
    uploadImage: async (id) => (id === 'local-1' ? 'media-1' : undefined),
    openMiniprogram: (...args) => act('openMiniprogram', ...args),
    showPicture: (url) => act('showPicture', url),
    copy: (text) => later('copy', text),
    openBrowser: (url) => act('openBrowser', url),
    closePage: () => act('closePage'),
  }
}

let loads = 0

/** Starts a client and opens a page in it; the SDK is loaded anew, for it reads the user agent at import and keeps its registration. */
export async function openClient(): Promise<Client> {
  const value = 'Mozilla/5.0 wxwork/4.1.36 MicroMessenger/7.0.1'
  Object.defineProperty(window.navigator, 'userAgent', { value, configurable: true })
  history.replaceState(null, '', '/sidebar/?x=1')
  const state: Omit<Client, 'bridge' | 'ww'> = {
    acts: [],
    calls: [],
    entry: 'single_chat_tools',
    isPhone: true,
    picked: ['wm2'],
    refusal: '',
    register: (jsApiList = ALL, ticket = TICKET) =>
      client.ww.register({
        corpId: 'ww1',
        agentId: 1000002,
        jsApiList,
        getAgentConfigSignature: (url) => client.ww.getSignature({ ticket, url }),
      }),
  }
  const bridge = createBridge(hostOf(state, () => client.ww))
  window.WeixinJSBridge = {
    invoke(name: string, params: Record<string, unknown>, reply: (answer: Answer) => void) {
      state.calls.push(name)
      void bridge.answer({ name, params, url: location.href }).then(reply)
    },
    on: () => undefined,
  }
  loads += 1
  const ww = await vi.importActual<typeof Sdk>(`@wecom/jssdk/dist/wecom.prod.js?fresh=${loads}`)
  const client: Client = Object.assign(state, { bridge, ww })
  return client
}

/** How a call ended, whether it resolved or rejected. */
export const endOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    (result) => result,
    (error: unknown) => error,
  )
