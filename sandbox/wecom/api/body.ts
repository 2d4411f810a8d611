import type { IncomingMessage } from 'node:http'

const MAX = 25 * 1024 * 1024

/** The whole body of a request; null when it is larger than 25 MB. */
export async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size <= MAX) chunks.push(bytes)
  }
  return size > MAX ? null : Buffer.concat(chunks)
}
