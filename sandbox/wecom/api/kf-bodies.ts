import { z } from 'zod'
import { bytes, says } from './schema.ts'

const media = z.object({ media_id: z.string().min(1) })
const text = z.object({
  msgtype: z.literal('text'),
  text: z.object({ content: bytes(2048, 45002).min(1, says(44004)) }),
})
const menu = z.object({
  msgtype: z.literal('msgmenu'),
  msgmenu: z.looseObject({ head_content: bytes(1024).optional(), list: z.array(z.looseObject({})).max(10).optional() }),
})
/** What may greet who opens the chat. */
export const Greeting = z.discriminatedUnion('msgtype', [text, menu], says(40008))

/** What the server may send. */
export const Body = z.discriminatedUnion(
  'msgtype',
  [
    text,
    menu,
    z.object({ msgtype: z.literal('image'), image: media }),
    z.object({ msgtype: z.literal('voice'), voice: media }),
    z.object({ msgtype: z.literal('video'), video: media }),
    z.object({ msgtype: z.literal('file'), file: media }),
    z.object({
      msgtype: z.literal('link'),
      link: z.object({
        title: bytes(128).min(1),
        desc: bytes(512).optional(),
        url: bytes(2048).min(1),
        thumb_media_id: z.string(),
      }),
    }),
  ],
  says(40008),
)
export type Body = z.infer<typeof Body>

/** The files a message carries. */
export function filesOf(body: Body): string[] {
  switch (body.msgtype) {
    case 'image':
      return [body.image.media_id]
    case 'voice':
      return [body.voice.media_id]
    case 'video':
      return [body.video.media_id]
    case 'file':
      return [body.file.media_id]
    case 'link':
      return [body.link.thumb_media_id]
    case 'text':
    case 'msgmenu':
      return []
  }
}

/** What a list shows of it. */
export const summary = (body: Body): string => (body.msgtype === 'text' ? body.text.content : `[${body.msgtype}]`)
