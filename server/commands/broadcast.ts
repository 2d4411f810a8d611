import type { BroadcastDraft } from '@zhiyin/shared/broadcast'
import type { Audit } from '../audit/audit.ts'
import type { Broadcasts } from '../broadcasts/room.ts'
import { nameOf, scopeOf, type SignedIn } from '../platform/actor.ts'
import { forbidden } from '../platform/errors.ts'

type Deps = { broadcasts: Pick<Broadcasts, 'get' | 'create' | 'cancel' | 'remind'>; audit: Audit }

const userOf = (actor: SignedIn): string | null => (actor.kind === 'member' ? actor.userid : null)

/** Whose broadcasts somebody sees: a manager of departments their own; null: everybody's. */
export const makerSeenBy = (actor: SignedIn): string | null => (scopeOf(actor) === null ? null : userOf(actor))

/** Throws policy.forbidden for a broadcast of somebody else that the actor may not see. */
export const seeBroadcast = (actor: SignedIn, { makerId }: { makerId: string | null }): void => {
  const seen = makerSeenBy(actor)
  if (seen !== null && seen !== makerId) throw forbidden('admin')
}

/** A manager sends a mass message, reminds its senders, or takes it back. */
export const broadcastCommands = ({ broadcasts, audit }: Deps) => ({
  create: async (actor: SignedIn, ask: BroadcastDraft & { key: string; name: string }) => {
    const made = await broadcasts.create({ ...ask, within: scopeOf(actor), by: nameOf(actor), makerId: userOf(actor) })
    const detail = { contentId: ask.contentId, audience: ask.audience.kind, at: made.at.toISOString(), key: ask.key }
    await audit.record({ actor, act: 'broadcast.create', subject: `broadcast:${made._id}`, detail })
    return made
  },
  remind: async (actor: SignedIn, id: string, userid: string | undefined) => {
    seeBroadcast(actor, await broadcasts.get(id))
    const answer = await broadcasts.remind(id, userid)
    await audit.record({ actor, act: 'broadcast.remind', subject: `broadcast:${id}`, detail: { userid, ...answer } })
    return answer
  },
  cancel: async (actor: SignedIn, id: string) => {
    seeBroadcast(actor, await broadcasts.get(id))
    const made = await broadcasts.cancel(id, nameOf(actor))
    await audit.record({ actor, act: 'broadcast.cancel', subject: `broadcast:${id}`, detail: {} })
    return made
  },
})
