import { z } from 'zod'
import { messageOfCode, useCode } from '../company/cards.ts'
import { activeMembers, departmentTree } from '../company/members.ts'
import type { World } from '../world.ts'
import { TemplateCard } from './cards.ts'
import { AGENT, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { flag, int, says } from './schema.ts'

const DAY_MS = 86_400_000
const Card = z.looseObject({ template_card: z.looseObject({}) })

const Update = z.object({
  userids: z.array(z.string()).max(1000).default([]),
  partyids: z.array(int).max(100, says(82002)).default([]),
  tagids: z.array(int).max(100, says(82003)).default([]),
  atall: flag.default(0),
  agentid: int,
  response_code: z.string().min(1),
  button: z.object({ replace_name: z.string().min(1) }).optional(),
  template_card: TemplateCard.optional(),
})
type Update = z.infer<typeof Update>

/** The members for whom the card changes, and the userids that lead nowhere. */
function addressed(world: World, asked: Update): { ids: Set<string>; invaliduser: string[] } {
  const members = activeMembers(world)
  const named = new Map(members.map((member) => [member.userid.toLowerCase(), member.userid]))
  const parties = new Set(asked.partyids.flatMap((id) => departmentTree(world, id).map((one) => one.id)))
  const ids = new Set(asked.userids.flatMap((id) => named.get(id.toLowerCase()) ?? []))
  for (const { userid, department } of members) {
    if (asked.atall === 1 || department.some((id) => parties.has(id))) ids.add(userid)
  }
  const lower = asked.userids.map((id) => id.toLowerCase())
  return { ids, invaliduser: lower.filter((id) => !named.has(id)) }
}

/** What the app does with messages it has sent. */
export const sentMessages = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/message/update_template_card',
    secrets: AGENT,
    forbidden: 301002,
    input: Update,
    handle(world, asked) {
      if (String(asked.agentid) !== world.options.agentId) throw new ApiError(301002)
      const { userids, partyids, tagids, atall, button, template_card } = asked
      if (userids.length + partyids.length + tagids.length + atall === 0) throw new ApiError(82001)
      if (!button && !template_card) throw new ApiError(40063, 'button or template_card')
      const msgid = known(messageOfCode(world, asked.response_code), 60140)
      const { ids, invaliduser } = addressed(world, asked)
      useCode(world, asked.response_code)
      for (const entry of world.ledger.query({ request: msgid, via: 'app' })) {
        if (!ids.has(entry.to.id)) continue
        const old = Card.parse(entry.content)
        const card = template_card ?? { ...old.template_card, replaced: button }
        world.ledger.change(entry.id, { content: { ...old, template_card: card } })
      }
      return { invaliduser }
    },
  }),
  post(
    '/cgi-bin/message/recall',
    z.object({ msgid: z.string(says(41046)).min(1, says(41046)) }),
    (world, { msgid }) => {
      const { at } = known(world.store.sent.get(msgid), 41047)
      const now = world.clock.now()
      if (now - at > DAY_MS) throw new ApiError(42052)
      for (const entry of world.ledger.query({ request: msgid, via: 'app' }))
        world.ledger.change(entry.id, { recalled: now })
      return {}
    },
    AGENT,
  ),
]
