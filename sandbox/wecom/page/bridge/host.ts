import type { SignatureClaim } from '../data/api.ts'
import type { Part } from '../data/parts.ts'

/** Where the embedded page was opened from, as getContext tells it. */
export type Entry =
  | 'single_chat_tools'
  | 'group_chat_tools'
  | 'internal_group_chat_board'
  | 'chat_attachment'
  | 'contact_profile'
  | 'normal'

/** A message as the client puts it into a chat: `text` is its text-only form. */
export interface OutgoingMessage {
  msgtype: string
  text: string
  content: Record<string, unknown>
}

export type ChatTarget = { external_userid: string } | { chat_id: string }

/** What the client around the embedded page can do; the bridge asks for nothing else. */
export interface BridgeHost {
  /** Whether the signature is good; `why` in words when it is not. */
  verify(claim: SignatureClaim): Promise<{ ok: boolean; why: string }>
  /** Some functions are in the phone clients alone. */
  isPhone(): boolean
  entry(): Entry
  externalUserid(): string | undefined
  chatId(): string | undefined
  /** Customers of the signed-in member. */
  isContact(external_userid: string): boolean
  /** Whether the customer is a WeChat contact, not one of another company's WeCom. */
  isWechat(external_userid: string): boolean
  isMember(userid: string): boolean
  hasChat(chat_id: string): boolean
  /** Puts a message into a chat as the signed-in member. Rejects when the platform refuses. */
  say(target: ChatTarget, message: OutgoingMessage): Promise<void>
  /** 群发: the same messages to many, as the member. */
  sayToMany(targets: readonly ChatTarget[], messages: readonly OutgoingMessage[]): Promise<void>
  openChat(target: ChatTarget): void
  /** `enterChat`: after sending, the phone client shows the chat instead of the page. */
  enterChat(): void
  createChat(name: string, userids: readonly string[], external_userids: readonly string[]): Promise<string>
  addToChat(chat_id: string, userids: readonly string[]): Promise<void>
  openCard(id: string): void
  openAddCustomer(): void
  /** The ids chosen, or undefined when the member gave up. */
  pickContacts(wish: PickWish & { onlyNew: boolean }): Promise<readonly string[] | undefined>
  pickChats(wish: PickWish): Promise<readonly string[] | undefined>
  pickMembers(wish: PickWish & { departments: boolean; members: boolean }): Promise<Colleagues | undefined>
  /** The attachment bar's own buttons (`sendMessage`) the page does not want. */
  hideAttachmentMenu(items: readonly string[]): void
  /** 客户朋友圈: shows the moment; answers whether the member published it. */
  publishMoment(moment: Moment): Promise<boolean>
  /** Cover and signature of the member's moments; answers whether the member agreed. */
  setMomentsCover(cover: { signature: string; imgUrl: string }): Promise<boolean>
  /** Pictures chosen on this machine, as local ids; undefined when the member gave up. */
  chooseImages(count: number): Promise<readonly string[] | undefined>
  /** The media_id of a picture chosen before; undefined for an id nobody knows. */
  uploadImage(localId: string): Promise<string | undefined>
  openMiniprogram(appid: string, path: string): void
  showPicture(url: string): void
  copy(text: string): Promise<void>
  openBrowser(url: string): void
  closePage(): void
}

export interface Moment {
  text: string
  attachments: readonly OutgoingMessage[]
}

/** As selectEnterpriseContact names them. */
export interface Colleagues {
  departmentList: readonly { id: string; name: string }[]
  userList: readonly { id: string; name: string; avatar: string }[]
}

interface PickWish {
  multi: boolean
  chosen: readonly string[]
  /** The message that goes to the chosen, when there is one. */
  preview: readonly Part[]
}
