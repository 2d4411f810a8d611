import { byteLength } from './bytes.ts'

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** What must not be torn: a character as people see it; one that is too long by itself falls into its code points. */
const characters = function* (line: string, max: number): Generator<string> {
  for (const { segment } of graphemes.segment(line)) {
    if (byteLength(segment) <= max) yield segment
    else yield* segment
  }
}

/** Fills parts of at most `max` bytes with pieces that each fit. */
const pack = (pieces: Iterable<string>, max: number): string[] => {
  const parts: string[] = []
  let part = ''
  let size = 0
  for (const piece of pieces) {
    const length = byteLength(piece)
    if (part !== '' && size + length > max) {
      parts.push(part)
      part = ''
      size = 0
    }
    part += piece
    size += length
  }
  if (part !== '') parts.push(part)
  return parts
}

/**
 * Cuts a text into parts of at most `max` (≥ 4) bytes of UTF-8 that join to the text again: after a line where one ends in reach, else
 * between characters, never inside one. An empty text has no parts.
 */
export const splitText = (text: string, max: number): string[] => {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const pieces = lines.flatMap((line) => (byteLength(line) <= max ? [line] : pack(characters(line, max), max)))
  return pack(pieces, max)
}

const numberOf = (part: number, of: number): string => `(${part}/${of})`
/** The longest number a part may carry, with its line break. */
const reserved = byteLength(`\n${numberOf(99, 99)}`)

/** Parts of at most `max` bytes each; more than one are numbered, each on a last line of its own: (1/3). */
export const numberedParts = (text: string, max: number): string[] => {
  if (byteLength(text) <= max) return [text]
  const parts = splitText(text, max - reserved)
  return parts.map((part, index) => `${part.replace(/\n$/, '')}\n${numberOf(index + 1, parts.length)}`)
}
