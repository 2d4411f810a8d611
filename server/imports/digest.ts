import { createHash } from 'node:crypto'
import { importLimits } from '@zhiyin/shared/api/imports'

/** The SHA-256 of the SHA-256 of each part of some bytes: browsers hash what they hold as a whole only, so they do it part by part. */
export const digestOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> => {
  const all = createHash('sha256')
  let part = createHash('sha256')
  let size = 0
  for await (const piece of bytes) {
    let rest = piece
    while (rest.length > 0) {
      const some = rest.subarray(0, importLimits.part - size)
      part.update(some)
      size += some.length
      rest = rest.subarray(some.length)
      if (size < importLimits.part) continue
      all.update(part.digest())
      part = createHash('sha256')
      size = 0
    }
  }
  if (size > 0) all.update(part.digest())
  return all.digest('hex')
}
