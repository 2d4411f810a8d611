/** A reason parted so that its first words can stand out: 沉默 32 天 · 平时每 19 天买一次，这次晚了 13 天. */
export type Lead = { lead: string; rest: string }

const bracketed = /^[（(](.*)[）)]$/

/**
 * Parts a reason after its first clause when that clause opens with `word` (the stage);
 * otherwise the word leads and the whole reason follows.
 */
export const leadOf = (sentence: string, word: string): Lead => {
  if (!sentence.toLowerCase().startsWith(word.toLowerCase())) return { lead: word, rest: sentence }
  const cut = sentence.search(/[；;（(，,]/)
  if (cut < 0) return { lead: sentence, rest: '' }
  const rest = sentence.slice(cut).replace(/^[；;，,]\s*/, '')
  return { lead: sentence.slice(0, cut).trim(), rest: bracketed.exec(rest)?.[1] ?? rest }
}
