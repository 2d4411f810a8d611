/** The names told most often, the commonest first; of equal ones in the order of letters. */
export const commonest = (names: readonly string[], most: number): string[] => {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([name]) => name)
}
