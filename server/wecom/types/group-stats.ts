/**
 * The customer groups of one owner. WeCom tells it by owner, never by group: what was new in the span, and what there is, and has ever
 * been said, at its end.
 */
export type GroupNumbers = {
  newGroups: number
  groups: number
  /** Groups in which anything has ever been said. */
  activeGroups: number
  newMembers: number
  members: number
  /** Members who have ever said anything. */
  activeMembers: number
  /** All messages so far. */
  messages: number
}

/** Days are given by their 0:00 in China; at most 30 days apart, at most 180 days ago. Yesterday's numbers come in the morning. */
export type GroupStatsRead = {
  /** Of each owner over the whole span; 1–100 owners. */
  groupStats: (owners: readonly string[], from: Date, to: Date) => Promise<{ owner: string; numbers: GroupNumbers }[]>
  /** Of one owner day by day; days whose numbers are not there yet are left out. */
  groupStatsByDay: (owner: string, from: Date, to: Date) => Promise<{ day: Date; numbers: GroupNumbers }[]>
}
