import { z } from 'zod'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Length as WeCom counts it: bytes of UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length

/** A text of at most `max` bytes of UTF-8. */
export const atMostBytes = (max: number) =>
  z.string().refine((text) => byteLength(text) <= max, `at most ${max} bytes of UTF-8`)

/** Cuts a text to at most `max` bytes of UTF-8, never inside a character. */
export const cutBytes = (text: string, max: number): string => {
  if (text.length * 3 <= max) return text
  const bytes = encoder.encode(text)
  if (bytes.length <= max) return text
  let end = max
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return decoder.decode(bytes.subarray(0, end))
}
