import { z } from 'zod'
import { atMostBytes } from '@zhiyin/shared/bytes'
import { NoticeCard } from '@zhiyin/shared/card'
import { imageBytes, robotBytes } from '@zhiyin/shared/robot'
import { wecomEndpoint } from '../endpoint.ts'
import { article, nothing, text } from './shapes.ts'

const media = z.object({ media_id: text.min(1) })
const isSmall = (base64: string): boolean => Buffer.byteLength(base64, 'base64') <= imageBytes
const markdown = z.object({ content: atMostBytes(robotBytes.markdown).min(1) })

/** `key` travels in the query and is a secret. Images are at most 2 MB before encoding; `md5` is of the raw bytes. */
export const webhookSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/webhook/send',
  token: 'none',
  effect: 'once',
  request: z.discriminatedUnion('msgtype', [
    z.object({
      msgtype: z.literal('text'),
      text: z.object({
        content: atMostBytes(robotBytes.text).min(1),
        mentioned_list: z.array(text.min(1)).optional(),
        mentioned_mobile_list: z.array(text.min(1)).optional(),
      }),
    }),
    z.object({ msgtype: z.literal('markdown'), markdown }),
    z.object({ msgtype: z.literal('markdown_v2'), markdown_v2: markdown }),
    z.object({
      msgtype: z.literal('image'),
      image: z.object({ base64: text.min(1).refine(isSmall, 'at most 2 MB'), md5: text.length(32) }),
    }),
    z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).min(1).max(8) }) }),
    z.object({ msgtype: z.literal('file'), file: media }),
    z.object({ msgtype: z.literal('voice'), voice: media }),
    z.object({ msgtype: z.literal('template_card'), template_card: NoticeCard }),
  ]),
  response: nothing,
})
