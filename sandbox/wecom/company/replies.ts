import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Delivery } from '../callback/delivery.ts'
import type { World } from '../world.ts'
import { pollStream } from './bot.ts'

const POLL_MS = 500
const STREAM_MS = 360_000

const Asked = z.object({ msgid: z.string(), from: z.object({ userid: z.string() }), chatid: z.string().optional() })
const Stream = z.object({
  msgtype: z.enum(['stream', 'stream_with_template_card']),
  stream: z.object({ id: z.string(), finish: z.boolean().default(false), content: z.string().default('') }),
})
const Answer = z.union([Stream, z.looseObject({ msgtype: z.string() })])

/** A passive reply reaches whom it answers: it stands in the ledger. A streamed answer of the bot is asked for until it is finished. */
export function takeReply(world: World, delivery: Delivery): void {
  if (delivery.reply === undefined) return
  if (delivery.to === 'app') takeXml(world, delivery.id, delivery.reply)
  else takeJson(world, delivery, delivery.reply)
}

function takeXml(world: World, request: string, xml: string): void {
  const part = (name: string): string => new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(xml)?.[1] ?? ''
  const msgtype = part('MsgType')
  world.ledger.add({
    to: { kind: 'member', id: part('ToUserName') },
    from: world.options.agentId,
    via: 'reply',
    msgtype,
    text: msgtype === 'text' ? part('Content') : `[${msgtype}]`,
    content: { xml },
    request,
  })
}

function takeJson(world: World, delivery: Delivery, json: string): void {
  const asked = Asked.parse(JSON.parse(delivery.message))
  const answer = Answer.parse(JSON.parse(json))
  const stream = Stream.safeParse(answer).data?.stream
  if (stream && !stream.finish) {
    if (world.clock.now() - delivery.at > STREAM_MS) return
    void wait(POLL_MS, undefined, { ref: false }).then(() => pollStream(world, stream.id, asked))
    return
  }
  world.ledger.add({
    to: asked.chatid === undefined ? { kind: 'member', id: asked.from.userid } : { kind: 'group', id: asked.chatid },
    from: world.options.botId,
    via: 'bot',
    msgtype: answer.msgtype,
    text: stream?.content ?? `[${answer.msgtype}]`,
    content: answer,
    request: asked.msgid,
  })
}
