import { createHash } from 'node:crypto'
import { z } from 'zod'
import { hexId } from '../ids.ts'
import type { World } from '../world.ts'
import { checkMedia } from './attachments.ts'
import { TemplateCard } from './cards.ts'
import { endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { bytes, says } from './schema.ts'

const PER_MINUTE = 20
const IMAGE_BYTES = 2 * 1024 * 1024

const mentions = {
  mentioned_list: z.array(z.string()).optional(),
  mentioned_mobile_list: z.array(z.string()).optional(),
}
const media = z.object({ media_id: z.string().min(1) })
const article = z.object({
  title: bytes(128).min(1),
  description: bytes(512).optional(),
  url: z.string().min(1),
  picurl: z.string().optional(),
})

const RobotMessage = z.discriminatedUnion(
  'msgtype',
  [
    z.object({
      msgtype: z.literal('text'),
      text: z.object({ content: bytes(2048, 45002).min(1, says(44004)), ...mentions }),
    }),
    z.object({
      msgtype: z.literal('markdown'),
      markdown: z.object({ content: bytes(4096, 45002).min(1, says(44004)) }),
    }),
    z.object({
      msgtype: z.literal('markdown_v2'),
      markdown_v2: z.object({ content: bytes(4096, 45002).min(1, says(44004)) }),
    }),
    z.object({ msgtype: z.literal('image'), image: z.object({ base64: z.string().min(1), md5: z.string().min(1) }) }),
    z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).min(1).max(8, says(45008)) }) }),
    z.object({ msgtype: z.literal('file'), file: media }),
    z.object({ msgtype: z.literal('voice'), voice: media }),
    z.object({
      msgtype: z.literal('template_card'),
      template_card: TemplateCard.refine((card) => card.card_type.endsWith('_notice'), says(40058, 'card_type')),
    }),
  ],
  says(40008),
)
type RobotMessage = z.infer<typeof RobotMessage>

/** Size, md5 and kind of an image; files must exist. */
function checkFiles(world: World, message: RobotMessage): void {
  if (message.msgtype === 'file') checkMedia(world, message.file.media_id)
  if (message.msgtype === 'voice') checkMedia(world, message.voice.media_id)
  if (message.msgtype !== 'image') return
  const raw = Buffer.from(message.image.base64, 'base64')
  if (raw.length > IMAGE_BYTES) throw new ApiError(40009)
  const jpg = raw.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))
  const png = raw.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))
  if (!jpg && !png) throw new ApiError(40058, 'image is neither jpg nor png')
  if (createHash('md5').update(raw).digest('hex') !== message.image.md5.toLowerCase()) throw new ApiError(40058, 'md5')
}

function summary(message: RobotMessage): string {
  switch (message.msgtype) {
    case 'text':
      return message.text.content
    case 'markdown':
      return message.markdown.content
    case 'markdown_v2':
      return message.markdown_v2.content
    case 'news':
      return message.news.articles.map((one) => one.title).join('\n')
    case 'template_card':
      return message.template_card.main_title?.title ?? message.template_card.sub_title_text ?? ''
    case 'image':
    case 'file':
    case 'voice':
      break
  }
  return `[${message.msgtype}]`
}

/** The internal group a key stands for. */
export function groupOfKey(world: World, key: string) {
  const group = [...world.store.groups.values()].find((one) => one.robots.some((robot) => robot.key === key))
  if (!group) throw new ApiError(93000)
  return group
}

/** Group robots (群机器人): no token, the key in the URL is the secret. */
export const robots = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/webhook/send',
    secrets: 'none',
    inQuery: ['key'],
    input: z.intersection(z.object({ key: z.string(says(93000)).min(1, says(93000)) }), RobotMessage),
    handle(world, { key, ...message }) {
      const group = groupOfKey(world, key)
      checkFiles(world, message)
      const since = world.clock.now() - 60_000
      const recent = world.ledger.query({ from: key, via: 'robot', since: String(since) })
      if (recent.length >= PER_MINUTE) throw new ApiError(45009)
      const content = message.msgtype === 'image' ? { msgtype: 'image', image: { md5: message.image.md5 } } : message
      world.ledger.add({
        to: { kind: 'group', id: group.chat_id },
        from: key,
        via: 'robot',
        msgtype: message.msgtype,
        text: summary(message),
        content,
        request: hexId(),
      })
      return {}
    },
  }),
]
