import { z } from 'zod'
import type { World } from '../world.ts'
import { ApiError } from './errors.ts'
import { bytes, says } from './schema.ts'

const mediaId = z.string().min(1)
const url = bytes(2048).min(1)

/** What each kind of attachment holds. */
export const bodies = {
  image: z
    .object({ media_id: mediaId.optional(), pic_url: z.string().optional() })
    .refine((image) => image.media_id !== undefined || image.pic_url !== undefined, says(40063, 'media_id or pic_url')),
  link: z.object({ title: bytes(128).min(1), picurl: bytes(2048).optional(), desc: bytes(512).optional(), url }),
  miniprogram: z.object({
    title: bytes(64).min(1),
    pic_media_id: mediaId,
    appid: z.string().min(1),
    page: z.string().min(1),
  }),
  video: z.object({ media_id: mediaId }),
  file: z.object({ media_id: mediaId }),
}

/** Attachments of mass and welcome messages. */
const Attachment = z.discriminatedUnion(
  'msgtype',
  [
    z.object({ msgtype: z.literal('image'), image: bodies.image }),
    z.object({ msgtype: z.literal('link'), link: bodies.link }),
    z.object({ msgtype: z.literal('miniprogram'), miniprogram: bodies.miniprogram }),
    z.object({ msgtype: z.literal('video'), video: bodies.video }),
    z.object({ msgtype: z.literal('file'), file: bodies.file }),
  ],
  says(41065),
)
export type Attachment = z.infer<typeof Attachment>

/** `text` and `attachments` as mass and welcome messages share them. */
export const content = {
  text: z.object({ content: bytes(4000).default('') }).default({ content: '' }),
  attachments: z.array(Attachment).max(9, says(41064)).default([]),
}

function mediaOf(attachment: Attachment): string | undefined {
  switch (attachment.msgtype) {
    case 'image':
      return attachment.image.media_id
    case 'miniprogram':
      return attachment.miniprogram.pic_media_id
    case 'video':
      return attachment.video.media_id
    case 'file':
      return attachment.file.media_id
    case 'link':
      break
  }
  return undefined
}

/** Throws when nothing is said at all, or a file is unknown or older than 3 days (40007). */
export function checkContent(world: World, text: string, attachments: Attachment[]): void {
  if (text === '' && attachments.length === 0) throw new ApiError(40063, 'text and attachments')
  for (const attachment of attachments) {
    const id = mediaOf(attachment)
    if (id !== undefined) checkMedia(world, id)
  }
}

const MEDIA_MS = 3 * 86_400_000

/** What upload_attachment took a file for: 1 moments, 2 product albums; other uploads have none. */
type Scene = 1 | 2 | undefined

/** Throws 40007 for a file that is unknown or expired, 41072 for one uploaded for something else. */
export function checkMedia(world: World, mediaId: string, scene?: Scene): void {
  const media = world.store.media.get(mediaId)
  if (!media || (!media.permanent && world.clock.now() - media.at > MEDIA_MS)) throw new ApiError(40007)
  if (media.scene !== scene) throw new ApiError(41072)
}
