import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, nothing, text } from './shapes.ts'

const mediaId = z.object({ media_id: text.min(1) })
/** Of images, `media_id` wins over `pic_url`; `pic_media_id` is a picture of 520 × 416. */
const attachment = z.discriminatedUnion('msgtype', [
  z.object({
    msgtype: z.literal('link'),
    link: z.object({ title: text, url: text, desc: text.optional(), picurl: text.optional() }),
  }),
  z.object({ msgtype: z.literal('image'), image: z.union([mediaId, z.object({ pic_url: text.min(1) })]) }),
  z.object({
    msgtype: z.literal('miniprogram'),
    miniprogram: z.object({ title: text.min(1), pic_media_id: text.min(1), appid: text.min(1), page: text.min(1) }),
  }),
  z.object({ msgtype: z.literal('video'), video: mediaId }),
  z.object({ msgtype: z.literal('file'), file: mediaId }),
])
export type WireAttachment = z.input<typeof attachment>
/** What a message to a customer or group holds; text and attachments are not both empty. */
export const messageShape = {
  text: z.object({ content: text }).optional(),
  attachments: z.array(attachment).max(9).optional(),
}

export const sendWelcome = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/send_welcome_msg`,
  token: 'contact',
  effect: 'once',
  request: z.object({ welcome_code: text.min(1), ...messageShape }),
  response: nothing,
  timeoutMs: 5000,
  urgency: 'now',
})
