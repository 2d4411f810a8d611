import { importLimits } from '@zhiyin/shared/api/imports'

const { part } = importLimits

/**
 * Which bytes a file begins with, as the server works it out: the SHA-256 of the SHA-256 of each part. Undefined where a browser has
 * no digests, which is on pages that came over plain HTTP.
 */
export const digestOf = async (file: Blob, size: number): Promise<string | undefined> => {
  if (!('subtle' in crypto)) return undefined
  const hashes: ArrayBuffer[] = []
  for (let at = 0; at < size; at += part) {
    const bytes = await file.slice(at, Math.min(size, at + part)).arrayBuffer()
    hashes.push(await crypto.subtle.digest('SHA-256', bytes))
  }
  const all = await crypto.subtle.digest('SHA-256', await new Blob(hashes).arrayBuffer())
  return Array.from(new Uint8Array(all), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
