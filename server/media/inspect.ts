import { mediaLimits, type MediaKind } from '@zhiyin/shared/api/media'
import { AppError } from '../platform/errors.ts'
import { amrSeconds } from './amr.ts'

/** What a file is by its content. */
export type Facts = { readonly mime: string; readonly ending: string; readonly seconds: number | null }

/** WeCom refuses files of 5 bytes and less. */
const minBytes = 6

const startsWith = (bytes: Uint8Array, signature: readonly number[], at = 0): boolean =>
  signature.every((byte, index) => bytes[at + index] === byte)

const jpeg = [0xff, 0xd8, 0xff]
const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** "ftyp", the first box of an MP4. */
const ftyp = [0x66, 0x74, 0x79, 0x70]

const factsOf = (kind: MediaKind, bytes: Uint8Array): Facts | null => {
  switch (kind) {
    case 'image':
      if (startsWith(bytes, jpeg)) return { mime: 'image/jpeg', ending: '.jpg', seconds: null }
      return startsWith(bytes, png) ? { mime: 'image/png', ending: '.png', seconds: null } : null
    case 'video':
      return startsWith(bytes, ftyp, 4) ? { mime: 'video/mp4', ending: '.mp4', seconds: null } : null
    case 'voice': {
      const seconds = amrSeconds(bytes)
      return seconds === null ? null : { mime: 'audio/amr', ending: '.amr', seconds }
    }
    case 'file':
      return { mime: 'application/octet-stream', ending: '', seconds: null }
  }
}

const megabytes = (bytes: number): string => `${Math.max(0.1, Math.round((bytes / 1024 / 1024) * 10) / 10)} MB`

/**
 * Checks a file by what it is, not by its name, against what WeCom takes (apis.md §20). Throws media.empty, media.size, media.format
 * or media.long, which say the limit.
 */
export const inspect = (kind: MediaKind, bytes: Uint8Array): Facts => {
  const limits = mediaLimits[kind]
  if (bytes.length < minBytes) throw new AppError('media.empty', { status: 422 })
  if (bytes.length > limits.bytes) {
    const params = { kind, limit: megabytes(limits.bytes), size: megabytes(bytes.length) }
    throw new AppError('media.size', { status: 422, params })
  }
  const facts = factsOf(kind, bytes)
  if (facts === null) {
    const formats = limits.endings.map((ending) => ending.slice(1)).join(', ')
    throw new AppError('media.format', { status: 422, params: { kind, formats } })
  }
  if (facts.seconds !== null && limits.seconds !== null && facts.seconds > limits.seconds) {
    const params = { limit: limits.seconds, seconds: Math.ceil(facts.seconds) }
    throw new AppError('media.long', { status: 422, params })
  }
  return facts
}

/** WeCom reads the kind from the ending of the name, so a name without the right one gets it. */
export const endingIn = (name: string, kind: MediaKind, { ending }: Facts): string => {
  const allowed: readonly string[] = mediaLimits[kind].endings
  const fits = allowed.length === 0 || allowed.some((each) => name.toLowerCase().endsWith(each))
  return fits ? name : `${name}${ending}`
}
