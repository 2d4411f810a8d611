import { opaque } from '../ids.ts'
import type { World } from '../world.ts'

/** A file by its bytes; `type` image, voice, video or file. */
export interface File {
  type: string
  filename: string
  mime: string
  bytes: Buffer
}

/** Keeps a file, for 3 days unless `permanent`; `scene` for attachments of moments (1) and albums (2). Answers its media_id. */
export function keepMedia(
  world: World,
  { bytes, ...file }: File,
  { permanent = false, scene }: { permanent?: boolean; scene?: 1 | 2 } = {},
): string {
  const media_id = `3${opaque(63)}`
  const row = { media_id, ...file, at: world.clock.now(), permanent, base64: bytes.toString('base64') }
  world.store.media.set(media_id, scene === undefined ? row : { ...row, scene })
  return media_id
}
