import type { SignatureClaim } from '../data/api.ts'
import type { Part } from '../data/parts.ts'

/** Where the embedded page was opened from. */
export type Entry = 'single_chat_tools' | 'group_chat_tools' | 'contact_profile' | 'normal'

/** A message as the client puts it into a chat: `text` is its text-only form. */
export interface OutgoingMessage {
  msgtype: string
  text: string
  content: Record<string, unknown>
}

export type ChatTarget = { external_userid: string } | { chat_id: string }

/** What the client around the embedded page can do; the bridge asks for nothing else. */
export interface BridgeHost {
  corpId(): string
  agentId(): string
  verify(claim: SignatureClaim): Promise<boolean>
  entry(): Entry
  externalUserid(): string | undefined
  chatId(): string | undefined
  /** Customers of the signed-in member. */
  isContact(external_userid: string): boolean
  isMember(userid: string): boolean
  hasChat(chat_id: string): boolean
  /** Puts a message into a chat as the signed-in member. Rejects when the platform refuses. */
  say(target: ChatTarget, message: OutgoingMessage): Promise<void>
  /** 群发: the same messages to many, as the member. */
  sayToMany(targets: readonly ChatTarget[], messages: readonly OutgoingMessage[]): Promise<void>
  openChat(target: ChatTarget): void
  createChat(name: string, userids: readonly string[], external_userids: readonly string[]): Promise<string>
  addToChat(chat_id: string, userids: readonly string[]): Promise<void>
  openCard(id: string): void
  openAddCustomer(): void
  /** The ids chosen, or undefined when the member gave up. */
  pickContacts(wish: PickWish & { onlyNew: boolean }): Promise<readonly string[] | undefined>
  pickChats(wish: PickWish): Promise<readonly string[] | undefined>
  pickMembers(wish: PickWish): Promise<readonly { id: string; name: string; avatar: string }[] | undefined>
  showPicture(url: string): void
  copy(text: string): Promise<void>
  openBrowser(url: string): void
  closePage(): void
}

interface PickWish {
  multi: boolean
  chosen: readonly string[]
  /** The message that goes to the chosen, when there is one. */
  preview: readonly Part[]
}
