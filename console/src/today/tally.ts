/** How often each word stands in a list, the most frequent first. */
export const tally = (words: readonly string[]): { word: string; n: number }[] => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].map(([word, n]) => ({ word, n })).sort((a, b) => b.n - a.n)
}
