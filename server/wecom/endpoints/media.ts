import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { text } from './shapes.ts'

/** 20 MB over a slow line. */
const timeoutMs = 60_000
const uploaded = z.object({ media_id: text.min(1) })

/** The file itself travels as a form beside the input, which stands in the query. Uploading twice leaves two ids, which harms nobody. */
export const mediaUpload = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/media/upload',
  token: 'contact',
  effect: 'repeatable',
  request: z.object({ type: z.enum(['image', 'voice', 'video', 'file']) }),
  response: uploaded,
  timeoutMs,
})
/** `attachment_type`: 1 moments, 2 product albums. */
export const mediaUploadAttachment = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/media/upload_attachment',
  token: 'contact',
  effect: 'repeatable',
  request: z.object({ media_type: z.enum(['image', 'video', 'file']), attachment_type: z.literal([1, 2]) }),
  response: uploaded,
  timeoutMs,
})
/** For pictures that a text or a card shows by address; lasts for ever. */
export const mediaUploadImg = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/media/uploadimg',
  token: 'contact',
  effect: 'repeatable',
  request: z.object({}),
  response: z.object({ url: z.url() }),
  timeoutMs,
})
/** `key` travels in the query and is a secret. */
export const webhookUploadMedia = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/webhook/upload_media',
  token: 'none',
  effect: 'repeatable',
  request: z.object({ type: z.enum(['file', 'voice']) }),
  response: uploaded,
  timeoutMs,
})
