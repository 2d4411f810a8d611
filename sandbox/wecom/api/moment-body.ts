import { z } from 'zod'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { ApiError } from './errors.ts'
import { bytes, chars, says, userid } from './schema.ts'

const MOMENT = 1
const IMAGES = 9
const media_id = z.string().min(1)

const Attachment = z.discriminatedUnion(
  'msgtype',
  [
    z.object({ msgtype: z.literal('image'), image: z.object({ media_id }) }),
    z.object({ msgtype: z.literal('video'), video: z.object({ media_id }) }),
    z.object({
      msgtype: z.literal('link'),
      link: z.object({ title: bytes(64).optional(), url: z.string().min(1), media_id }),
    }),
  ],
  says(41065),
)
export type MomentAttachment = z.infer<typeof Attachment>

/** A moment as a corp makes one: nine pictures, or one video, or one link. */
export const MomentBody = z.object({
  text: z.object({ content: chars(2000).pipe(bytes(4000)).default('') }).optional(),
  attachments: z.array(Attachment).max(IMAGES, says(41064)).default([]),
  visible_range: z
    .object({
      sender_list: z
        .object({ user_list: z.array(userid).max(100_000).optional(), department_list: z.array(z.int()).optional() })
        .optional(),
      external_contact_list: z.object({ tag_list: z.array(z.string()).optional() }).optional(),
    })
    .optional(),
})

function mediaOf(attachment: MomentAttachment): string {
  switch (attachment.msgtype) {
    case 'image':
      return attachment.image.media_id
    case 'video':
      return attachment.video.media_id
    case 'link':
      return attachment.link.media_id
  }
}

/** Throws when it says nothing, mixes kinds of attachments, has two videos or links, or a file is not one for moments. */
export function checkMoment(world: World, { text, attachments }: z.infer<typeof MomentBody>): void {
  if ((text?.content ?? '') === '' && attachments.length === 0) throw new ApiError(40063, 'text and attachments')
  const kinds = new Set(attachments.map((one) => one.msgtype))
  if (kinds.size > 1) throw new ApiError(41065, 'attachments of different kinds')
  if (attachments.length > 1 && !kinds.has('image')) throw new ApiError(41064, 'one video or link')
  for (const attachment of attachments) checkMedia(world, mediaOf(attachment), MOMENT)
}
