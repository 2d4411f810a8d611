import { z } from 'zod'
import { atMostBytes } from '@zhiyin/shared/bytes'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, nothing, text } from './shapes.ts'

/** apis.md §10. One attachment counts: image before link, mini-program, file, video. */
const body = z.object({
  text: z.object({ content: atMostBytes(3000) }).optional(),
  image: z.union([z.object({ pic_url: text }), z.object({ media_id: text })]).optional(),
  link: z.object({ title: text, url: text, desc: text.optional(), picurl: text.optional() }).optional(),
  miniprogram: z.object({ title: text, pic_media_id: text, appid: text, page: text }).optional(),
  file: z.object({ media_id: text }).optional(),
  video: z.object({ media_id: text }).optional(),
})
const template = z.object({ template_id: text.min(1) })
const base = `${cgi}/group_welcome_template` as const

export const addGroupWelcome = wecomEndpoint({
  method: 'POST',
  path: `${base}/add`,
  token: 'contact',
  effect: 'once',
  request: body.extend({ notify: z.union([z.literal(0), z.literal(1)]) }),
  response: template,
})

export const editGroupWelcome = wecomEndpoint({
  method: 'POST',
  path: `${base}/edit`,
  token: 'contact',
  effect: 'repeatable',
  request: body.extend(template.shape),
  response: nothing,
})

export const getGroupWelcome = wecomEndpoint({
  method: 'POST',
  path: `${base}/get`,
  token: 'contact',
  effect: 'read',
  request: template,
  response: z.object({ text: z.object({ content: text.default('') }).nullish() }),
})

export const deleteGroupWelcome = wecomEndpoint({
  method: 'POST',
  path: `${base}/del`,
  token: 'contact',
  effect: 'repeatable',
  request: template,
  response: nothing,
})
