/**
 * p-values of several comparisons made at once, corrected so that 5 % stays the chance of even one false alarm (Holm 1979, Scandinavian
 * Journal of Statistics 6:65); in the order given.
 */
export const holm = (chances: readonly number[]): number[] => {
  const ordered = chances.map((p, index) => ({ p, index })).toSorted((a, b) => a.p - b.p)
  const corrected = [...chances]
  let worst = 0
  for (const [rank, { p, index }] of ordered.entries()) {
    worst = Math.max(worst, Math.min(1, p * (chances.length - rank)))
    corrected[index] = worst
  }
  return corrected
}
