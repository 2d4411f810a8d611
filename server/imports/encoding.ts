import type { Encoding } from '@zhiyin/shared/import'

const fits = (decoder: InstanceType<typeof TextDecoder>, bytes?: Uint8Array): boolean => {
  try {
    decoder.decode(bytes, { stream: bytes !== undefined })
    return true
  } catch (error) {
    if (error instanceof TypeError) return false
    throw error
  }
}

/** How a text is encoded, by all of its bytes: UTF-8 wherever it could be, else UTF-16 by its mark, else GB18030. Null: neither. */
export const encodingOf = async (bytes: AsyncIterable<Uint8Array>): Promise<Encoding | null> => {
  const decoders = {
    'utf-8': new TextDecoder('utf-8', { fatal: true }),
    gb18030: new TextDecoder('gb18030', { fatal: true }),
  }
  const possible = { 'utf-8': true, gb18030: true }
  let first = true
  for await (const piece of bytes) {
    if (first && piece[0] === 0xff && piece[1] === 0xfe) return 'utf-16le'
    first = false
    possible['utf-8'] &&= fits(decoders['utf-8'], piece)
    possible.gb18030 &&= fits(decoders.gb18030, piece)
    if (!possible['utf-8'] && !possible.gb18030) return null
  }
  if (possible['utf-8'] && fits(decoders['utf-8'])) return 'utf-8'
  return possible.gb18030 && fits(decoders.gb18030) ? 'gb18030' : null
}

/** The same text in UTF-8, without a byte order mark. */
export async function* toUtf8(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder(encoding)
  for await (const piece of bytes) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield Buffer.from(text, 'utf8')
  }
  const last = decoder.decode()
  if (last !== '') yield Buffer.from(last, 'utf8')
}
