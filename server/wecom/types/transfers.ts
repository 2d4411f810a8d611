/** `onjob`: both members work here (在职继承); `resigned`: the old one has left (离职继承). */
export const transferKinds = ['onjob', 'resigned'] as const
export type TransferKind = (typeof transferKinds)[number]

export type TransferPair = { readonly kind: TransferKind; readonly from: string; readonly to: string }

/** What became of one customer's hand-over. `none`: WeCom knows of none. */
export type TransferStatus = 'done' | 'waiting' | 'refused' | 'full' | 'none'
export type TransferResult = { externalUserId: string; status: TransferStatus; at: Date }

/** A customer of a member who has left, whom nobody has taken over. */
export type Unassigned = { userid: string; externalUserId: string; leftAt: Date }

export type TransfersRead = {
  /** The last hand-over of each customer between these two, page by page. */
  transferResults: (pair: TransferPair) => AsyncIterable<TransferResult[]>
  /** Page by page. Customers being handed over are not in it. */
  unassigned: () => AsyncIterable<Unassigned[]>
}

export type TransfersSetup = {
  /**
   * Starts the hand-over of at most 100 customers; it takes effect after 24 h unless a customer refuses. Answers an errcode for each
   * one, 0 when it has started. Rejects with `ambiguous` when the answer was lost: then look into `transferResults`.
   * `message` (at most 200 characters) is told to the customer; on the job only.
   */
  transferCustomers: (
    pair: TransferPair,
    externalUserIds: readonly string[],
    message?: string,
  ) => Promise<{ externalUserId: string; errcode: number }[]>
  /** Gives at most 100 customer groups another owner, at once. Answers those that failed. */
  transferGroups: (
    pair: Omit<TransferPair, 'from'>,
    chatIds: readonly string[],
  ) => Promise<{ chatId: string; errcode: number; hint: string }[]>
}
