/** A contact way (联系我) as WeCom has it. `qrCode`: where its picture lies; empty for a mini-program plugin. */
export type ContactWay = {
  configId: string
  state: string
  remark: string
  skipVerify: boolean
  markSource: boolean
  exclusive: boolean
  userids: string[]
  departments: number[]
  qrCode: string
}

/** A QR code for 1–100 members. `state` and `remark` hold 30 characters; `exclusive` cannot be changed later. */
export type NewContactWay = {
  state: string
  userids: readonly string[]
  remark?: string
  skipVerify?: boolean
  markSource?: boolean
  exclusive?: boolean
}

/** What is given overwrites; what is left out stays. */
export type ContactWayChange = {
  userids?: readonly string[]
  remark?: string
  skipVerify?: boolean
  markSource?: boolean
  state?: string
}

export type ContactWaysRead = {
  /** Null when it does not exist (any more): 41044. */
  contactWay: (configId: string) => Promise<ContactWay | null>
  /** Ids of the ways made through the API between two times (temporary ones are never listed), page by page. */
  contactWayIds: (span: { from: Date; to: Date }) => AsyncIterable<string[]>
}

/**
 * Refusals that name members: 41054 not activated, 40098 not verified, 84074 no customer-contact function, 40003 unknown. 41041 more
 * than 100 members, 41045 the corp's 500,000 ways are used up.
 */
export type ContactWaysSetup = {
  /** Not safe to repeat: `ambiguous` when the answer was lost. */
  addContactWay: (way: NewContactWay) => Promise<{ configId: string; qrCode: string }>
  /** Safe to repeat. `gone` (41044) when it does not exist. */
  updateContactWay: (configId: string, change: ContactWayChange) => Promise<void>
  /** Safe to repeat: one that is gone already is as good as deleted. */
  deleteContactWay: (configId: string) => Promise<void>
}
