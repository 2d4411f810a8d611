import { z } from 'zod'
import type { World } from '../world.ts'
import { bodies, checkMedia } from './attachments.ts'
import { bytes } from './schema.ts'

/** How a temporary chat is closed: a text, and one of picture, link and mini-program. */
export const Conclusions = z.object({
  text: z.object({ content: bytes(4000) }).optional(),
  image: z.object({ media_id: z.string().min(1) }).optional(),
  link: bodies.link.optional(),
  miniprogram: bodies.miniprogram.optional(),
})

/** Throws 40007 for a file that is unknown or expired. */
export function checkConclusions(world: World, conclusions: z.infer<typeof Conclusions> | undefined): void {
  if (conclusions?.image) checkMedia(world, conclusions.image.media_id)
  if (conclusions?.miniprogram) checkMedia(world, conclusions.miniprogram.pic_media_id)
}
