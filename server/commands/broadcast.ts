import type { BroadcastDraft } from '@zhiyin/shared/broadcast'
import type { Audit } from '../audit/audit.ts'
import type { Broadcasts } from '../broadcasts/room.ts'
import { nameOf, scopeOf, type SignedIn } from '../platform/actor.ts'

type Deps = { broadcasts: Pick<Broadcasts, 'create' | 'cancel' | 'remind'>; audit: Audit }

/** A manager sends a mass message, reminds its senders, or takes it back. */
export const broadcastCommands = ({ broadcasts, audit }: Deps) => ({
  create: async (actor: SignedIn, ask: BroadcastDraft & { key: string; name: string }) => {
    const made = await broadcasts.create({ ...ask, within: scopeOf(actor), by: nameOf(actor) })
    const detail = { contentId: ask.contentId, audience: ask.audience.kind, at: made.at.toISOString(), key: ask.key }
    await audit.record({ actor, act: 'broadcast.create', subject: `broadcast:${made._id}`, detail })
    return made
  },
  remind: async (actor: SignedIn, id: string, userid: string | undefined) => {
    const answer = await broadcasts.remind(id, userid)
    await audit.record({ actor, act: 'broadcast.remind', subject: `broadcast:${id}`, detail: { userid, ...answer } })
    return answer
  },
  cancel: async (actor: SignedIn, id: string) => {
    const made = await broadcasts.cancel(id, nameOf(actor))
    await audit.record({ actor, act: 'broadcast.cancel', subject: `broadcast:${id}`, detail: {} })
    return made
  },
})
