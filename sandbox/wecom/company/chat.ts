import { hexId } from '../ids.ts'
import type { World } from '../world.ts'
import { blockingRule } from './intercept.ts'
import { countSaid } from './links.ts'
import type { Entry } from './ledger.ts'
import { found, Refusal } from './refusal.ts'

/** A line somebody types; `msgtype` and `content` for what is not text. */
export interface Line {
  text: string
  msgtype?: string | undefined
  content?: unknown
}

/**
 * A line between a member and a customer. No callback fires, unless the customer came by an acquisition link. Once somebody talked, a
 * welcome message comes too late. What an intercept rule blocks is refused.
 */
export function say(
  world: World,
  from: 'customer' | 'member',
  userid: string,
  externalUserid: string,
  line: Line,
): Entry {
  const relation = found(world.relations.get(userid, externalUserid), 'relation')
  if (relation.customerDeleted) throw new Refusal('they are not friends any more')
  const kind = line.msgtype ?? 'text'
  const rule = from === 'member' ? blockingRule(world, userid, { text: line.text, msgtype: kind }) : undefined
  if (rule) throw new Refusal(`the company does not allow this to be sent: ${rule.rule_name}`, 403)
  world.relations.set({ ...relation, talkedAt: world.clock.now() })
  const code = world.store.welcomeCodes.get(relation.welcomeCode ?? '')
  if (code?.state === 'open') world.store.welcomeCodes.set(code.code, { ...code, state: 'begun' })
  const to =
    from === 'customer'
      ? ({ kind: 'member', id: userid } as const)
      : ({ kind: 'customer', id: externalUserid } as const)
  const entry = write(world, to, from === 'customer' ? externalUserid : userid, line)
  if (from === 'customer') countSaid(world, relation)
  return entry
}

/** A line in a group by one of its members. */
export function sayInGroup(world: World, chatId: string, id: string, line: Line): Entry {
  const group = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (!group.members.some((member) => member.id === id)) throw new Refusal(`${id} is not in this group`)
  return write(world, { kind: 'group', id: chatId }, id, line)
}

function write(world: World, to: Entry['to'], from: string, line: Line): Entry {
  const content = line.content ?? { content: line.text }
  return world.ledger.add({
    to,
    from,
    via: 'chat',
    msgtype: line.msgtype ?? 'text',
    text: line.text,
    content,
    request: hexId(),
  })
}
