/** Full width, case and spaces do not matter in what people type. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')

const latin = /^[\x20-\x7e]+$/

/**
 * The company's word by which a reply says that no more messages are wanted; null: it says no such thing. Chinese words are found anywhere,
 * words of Latin letters only as whole words, so that “TD” is not found in “TDK”.
 */
export const optOutWordIn = (text: string, words: readonly string[]): string | null => {
  const said = plain(text)
  return (
    words.find((word) => {
      const wanted = plain(word)
      if (wanted === '') return false
      if (!latin.test(wanted)) return said.includes(wanted)
      return ` ${said.replace(/[^a-z0-9]+/g, ' ')} `.includes(` ${wanted.replace(/[^a-z0-9]+/g, ' ')} `)
    }) ?? null
  )
}
