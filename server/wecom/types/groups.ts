type GroupChatMember = {
  id: string
  /** 1 a member of the corp, 2 an external user. */
  type: number
  name?: string
  joinedAt: Date
  /** join_scene: 1 invited directly, 2 by an invitation link, 3 by the group QR code. Not the JoinScene of callbacks. */
  joinScene: number
  inviter?: string
  /** The state of the join way by which they came. */
  state?: string
}
export type GroupChat = {
  chatId: string
  /** Empty when the group has no name. */
  name: string
  owner: string
  createdAt: Date
  notice?: string
  members: GroupChatMember[]
  admins: string[]
  memberVersion?: string
}

/** 0 in use, 1 its owner has left and it waits to be inherited, 2 being inherited, 3 inherited. */
export type GroupStatus = 0 | 1 | 2 | 3
export type ListedGroup = { chatId: string; status: number }

export type GroupsRead = {
  /**
   * Ids of the customer groups owned by these members (of everybody when absent), page by page. Where WeCom wants the owners named
   * (81017), those who have the customer-contact function are. `status`: only groups of that status.
   */
  groupChats: (owners?: readonly string[], status?: GroupStatus) => AsyncIterable<ListedGroup[]>
  /** Null when it is not a customer group (90501, 90509). */
  groupChat: (chatId: string) => Promise<GroupChat | null>
}
