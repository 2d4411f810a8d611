import type { z } from 'zod'
import type { BotSay } from '../admin/endpoints/app.ts'
import { fillSample } from '../callback/fill.ts'
import { EVENTS } from '../callback/catalog/catalog.ts'
import type { Delivery } from '../callback/delivery.ts'
import { hexId } from '../ids.ts'
import type { World } from '../world.ts'
import type { Entry } from './ledger.ts'
import { mustBeMember } from './members.ts'
import { found } from './refusal.ts'

/** A member talks to the AI bot, alone or, with @, in a group. */
export function sayToBot(world: World, { userid, chat_id, text }: z.output<typeof BotSay>): Entry {
  mustBeMember(world, userid)
  if (chat_id !== undefined) found(world.store.groups.get(chat_id), `group ${chat_id}`)
  const place = chat_id === undefined ? {} : { chatid: chat_id, chattype: 'group' }
  const msgid = hexId()
  send(world, 'aibot.text', { msgid, from: { userid }, ...place, text: { content: text } })
  return world.ledger.add({
    to: { kind: 'app', id: world.options.botId },
    from: userid,
    via: 'chat',
    msgtype: 'text',
    text,
    content: { content: text },
    request: msgid,
  })
}

/** A member enters the bot's chat. */
export function enterBot(world: World, userid: string): Delivery[] {
  mustBeMember(world, userid)
  return send(world, 'aibot.event.enter_chat', { from: { userid } })
}

/** The platform asks for the rest of a streamed answer. */
export function pollStream(
  world: World,
  id: string,
  asked: { from: { userid: string }; chatid?: string | undefined },
): void {
  const place = asked.chatid === undefined ? {} : { chatid: asked.chatid, chattype: 'group' }
  send(world, 'aibot.stream', { from: asked.from, ...place, stream: { id } })
}

function send(world: World, name: string, given: Parameters<typeof fillSample>[2]): Delivery[] {
  return world.callbacks.emitToBot(fillSample(world, found(EVENTS[name], name), given, false))
}
