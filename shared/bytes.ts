import { z } from 'zod'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Length as WeCom counts it: bytes of UTF-8. */
export const byteLength = (text: string): number => encoder.encode(text).length

/** A text of at most `max` bytes of UTF-8; one that is longer is told by how much. */
export const atMostBytes = (max: number) =>
  z.string().superRefine((text, { addIssue }) => {
    const weight = byteLength(text)
    if (weight <= max) return
    const params = {
      zh: `太长：有 ${weight} 字节，企业微信最多 ${max} 字节（一个汉字 3 字节），请删去约 ${Math.ceil((weight - max) / 3)} 个字`,
      en: `too long: ${weight} bytes of UTF-8, WeCom takes at most ${max}; take out ${weight - max}`,
    }
    addIssue({ code: 'custom', params, input: text })
  })

/** Cuts a text to at most `max` bytes of UTF-8, never inside a character. */
export const cutBytes = (text: string, max: number): string => {
  if (text.length * 3 <= max) return text
  const bytes = encoder.encode(text)
  if (bytes.length <= max) return text
  let end = max
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
  return decoder.decode(bytes.subarray(0, end))
}
