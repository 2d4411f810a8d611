/** A code that leads into customer groups (加入群聊), as WeCom has it. `qrCode`: where its picture lies. */
export type JoinWay = JoinWayFields & { configId: string; qrCode: string }

export type JoinWayFields = {
  /** At most 30 characters. */
  remark: string
  /** 1–5 groups: when one is full the next follows. */
  chatIds: readonly string[]
  /** When all are full, WeCom makes another one, named by base name and number. */
  autoCreate: boolean
  /** At most 40 characters. */
  baseName: string
  baseNumber: number
  /** Comes back with each member who came by it; at most 30 characters. */
  state: string
}

export type JoinWaysRead = {
  /** Null when it does not exist (any more): 41044. */
  joinWay: (configId: string) => Promise<JoinWay | null>
}

/** 41091 more than 5 groups, 90501 not a customer group, 41045 the corp's 500,000 ways are used up. */
export type JoinWaysSetup = {
  /** Not safe to repeat, and there is no list to look it up in: `ambiguous` when the answer was lost. */
  addJoinWay: (way: JoinWayFields) => Promise<{ configId: string }>
  /** Overwrites all fields; safe to repeat. `gone` (41044) when it does not exist. */
  updateJoinWay: (configId: string, way: JoinWayFields) => Promise<void>
  /** Safe to repeat: one that is gone already is as good as deleted. */
  deleteJoinWay: (configId: string) => Promise<void>
}
