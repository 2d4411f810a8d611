type Takeover = { readonly userid: string; readonly share: number }

/** How many of `count` each gets by its share: whole numbers, the largest remainders first. */
export const quotas = (count: number, takeovers: readonly Takeover[]): Map<string, number> => {
  const sum = takeovers.reduce((total, { share }) => total + share, 0)
  const exact = takeovers.map(({ userid, share }) => ({ userid, part: sum === 0 ? 0 : (count * share) / sum }))
  const counts = new Map(exact.map(({ userid, part }) => [userid, Math.floor(part)]))
  const left = count - [...counts.values()].reduce((total, n) => total + n, 0)
  const byRemainder = [...exact].sort((a, b) => (b.part % 1) - (a.part % 1))
  for (const { userid } of byRemainder.slice(0, left)) counts.set(userid, (counts.get(userid) ?? 0) + 1)
  return counts
}

/**
 * Shares things out by quota. One that a taker holds already (`heldBy`) goes to that taker while there is room, so that the customer
 * need not get to know somebody new; the others follow in their order.
 */
export const shareOut = <T>(
  things: readonly T[],
  takeovers: readonly Takeover[],
  heldBy: (thing: T) => readonly string[] = () => [],
): { thing: T; to: string }[] => {
  const room = quotas(things.length, takeovers)
  const take = (userid: string): boolean => {
    const free = room.get(userid) ?? 0
    if (free > 0) room.set(userid, free - 1)
    return free > 0
  }
  const known = new Map<T, string>()
  for (const thing of things) {
    const to = heldBy(thing).find((userid) => take(userid))
    if (to !== undefined) known.set(thing, to)
  }
  return things.flatMap((thing) => {
    const to = known.get(thing) ?? takeovers.find(({ userid }) => take(userid))?.userid
    return to === undefined ? [] : [{ thing, to }]
  })
}
