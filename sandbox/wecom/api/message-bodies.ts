import { z } from 'zod'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { TemplateCard } from './cards.ts'
import { bytes, says } from './schema.ts'

const media = z.object({ media_id: z.string().min(1) })
const url = bytes(2048).min(1)
const length = (text: string): number => Array.from(text).length

const article = z.object({
  title: bytes(128).min(1),
  description: bytes(512).optional(),
  url: bytes(2048).optional(),
  picurl: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
})
const mpArticle = z.object({
  title: bytes(128).min(1),
  thumb_media_id: z.string().min(1),
  author: z.string().optional(),
  content_source_url: z.string().optional(),
  content: bytes(666 * 1024),
  digest: z.string().optional(),
})

/** What a message to members says: every msgtype with its own part; texts of a textcard are cut by the client, so they are not refused. */
export const MessageBody = z.discriminatedUnion(
  'msgtype',
  [
    z.object({ msgtype: z.literal('text'), text: z.object({ content: bytes(2048, 45002).min(1, says(44004)) }) }),
    z.object({
      msgtype: z.literal('markdown'),
      markdown: z.object({ content: bytes(2048, 45002).min(1, says(44004)) }),
    }),
    z.object({ msgtype: z.literal('image'), image: media }),
    z.object({ msgtype: z.literal('voice'), voice: media }),
    z.object({ msgtype: z.literal('file'), file: media }),
    z.object({
      msgtype: z.literal('video'),
      video: media.extend({ title: bytes(128).optional(), description: bytes(512).optional() }),
    }),
    z.object({
      msgtype: z.literal('textcard'),
      textcard: z.object({
        title: z.string().min(1),
        description: z.string().min(1),
        url,
        btntxt: z.string().optional(),
      }),
    }),
    z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).min(1).max(8, says(45008)) }) }),
    z.object({
      msgtype: z.literal('mpnews'),
      mpnews: z.object({ articles: z.array(mpArticle).min(1).max(8, says(45008)) }),
    }),
    z.object({
      msgtype: z.literal('miniprogram_notice'),
      miniprogram_notice: z.object({
        appid: z.string().min(1),
        page: z.string().optional(),
        title: z.string().refine((text) => length(text) >= 4 && length(text) <= 12, says(40058, '4 to 12 characters')),
        description: z.string().optional(),
        emphasis_first_item: z.boolean().optional(),
        content_item: z
          .array(z.object({ key: z.string(), value: z.string() }))
          .max(10)
          .optional(),
      }),
    }),
    z.object({ msgtype: z.literal('template_card'), template_card: TemplateCard }),
  ],
  says(40008),
)
export type MessageBody = z.infer<typeof MessageBody>

/** What a list shows of a message. */
export function summary(message: MessageBody): string {
  switch (message.msgtype) {
    case 'text':
      return message.text.content
    case 'markdown':
      return message.markdown.content
    case 'textcard':
      return `${message.textcard.title}\n${message.textcard.description}`
    case 'news':
      return message.news.articles.map((one) => one.title).join('\n')
    case 'mpnews':
      return message.mpnews.articles.map((one) => one.title).join('\n')
    case 'miniprogram_notice':
      return message.miniprogram_notice.title
    case 'template_card':
      return message.template_card.main_title?.title ?? message.template_card.sub_title_text ?? ''
    case 'image':
    case 'voice':
    case 'file':
    case 'video':
      break
  }
  return `[${message.msgtype}]`
}

/** Throws 40007 for files that are unknown or too old. */
export function checkFiles(world: World, message: MessageBody): void {
  if (message.msgtype === 'image') checkMedia(world, message.image.media_id)
  if (message.msgtype === 'voice') checkMedia(world, message.voice.media_id)
  if (message.msgtype === 'file') checkMedia(world, message.file.media_id)
  if (message.msgtype === 'video') checkMedia(world, message.video.media_id)
  if (message.msgtype === 'mpnews') for (const one of message.mpnews.articles) checkMedia(world, one.thumb_media_id)
}
