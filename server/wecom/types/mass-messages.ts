export type ChatType = 'single' | 'group'

/** A mass message (企业群发) as WeCom lists it. `byMember`: a member made it for themselves, so it was sent when it was made. */
export type GroupMessage = {
  msgid: string
  createdAt: Date
  text: string
  byMember: boolean
  attachments?: unknown[]
  creator?: string
}
export type GroupMessageTask = { userid: string; sent: boolean; sentAt?: Date }
export type GroupMessageResult = {
  externalUserId?: string
  chatId?: string
  status: 'not_sent' | 'sent' | 'not_friend' | 'quota_used'
  sentAt?: Date
}

export type MassMessagesRead = {
  /** Mass messages made between two times, by the corp or by hand; spans over a month are cut into several calls. */
  listGroupMessages: (query: { chatType: ChatType; from: Date; to: Date }) => Promise<GroupMessage[]>
  /** Who was asked to send a mass message, and whether they did. `busy` (41063) while it is still being dispatched. */
  groupMessageTasks: (msgid: string) => Promise<GroupMessageTask[]>
  /** What became of it for each receiver of one sender; of groups only those that got it. */
  groupMessageResults: (msgid: string, userid: string) => Promise<GroupMessageResult[]>
}

export type MassMessagesSetup = {
  /** Nudges the members who have not sent it yet. WeCom takes three in 24 h for a message; the fourth is `refused` (41094). */
  remindMassMessage: (msgid: string) => Promise<void>
  /** Stops what has not been sent; what was sent stays. Safe to repeat: one cancelled already (41093) is as good as done. */
  cancelMassMessage: (msgid: string) => Promise<void>
}
