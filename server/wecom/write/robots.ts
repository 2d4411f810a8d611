import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { Call } from '../client.ts'
import { webhookSend } from '../endpoints/index.ts'
import { createRobotOf } from '../robot.ts'
import type { RobotsWrite, RobotWire } from '../types/robots.ts'

/** The message as WeCom spells it. */
const wireOf = (message: RobotWire): z.input<typeof webhookSend.request> => {
  switch (message.kind) {
    case 'text': {
      const { text, mentions, mobiles } = message
      return {
        msgtype: 'text',
        text: {
          content: text,
          ...(mentions.length > 0 ? { mentioned_list: mentions } : {}),
          ...(mobiles.length > 0 ? { mentioned_mobile_list: mobiles } : {}),
        },
      }
    }
    case 'markdown':
      return { msgtype: 'markdown', markdown: { content: message.text } }
    case 'markdown_v2':
      return { msgtype: 'markdown_v2', markdown_v2: { content: message.text } }
    case 'news':
      return { msgtype: 'news', news: { articles: message.articles } }
    case 'image': {
      const md5 = createHash('md5').update(message.bytes).digest('hex')
      return { msgtype: 'image', image: { base64: Buffer.from(message.bytes).toString('base64'), md5 } }
    }
    case 'file':
      return { msgtype: 'file', file: { media_id: message.mediaId } }
    case 'voice':
      return { msgtype: 'voice', voice: { media_id: message.mediaId } }
    case 'card':
      return { msgtype: 'template_card', template_card: message.card }
  }
}

/** What robots say in their groups. */
export const createRobotsWrite = (call: Call, { base }: { base: string }): RobotsWrite => {
  const robotOf = createRobotOf(base)
  return {
    sendRobot: async (webhook, message) => {
      await call(webhookSend, wireOf(message), robotOf(webhook))
    },
  }
}
