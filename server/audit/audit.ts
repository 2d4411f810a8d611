import type { Clock } from '../platform/clock.ts'
import { idAt, type NewId } from '../platform/id.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { auditModel } from './audit.model.ts'

/** One entry per change made by a person or a script: who, what, on what, when. `subject` is `kind:id`; `detail` holds no personal data beyond ids. */
export type Audit = {
  record(entry: { actor: SignedIn; act: string; subject: string; detail: Record<string, unknown> }): Promise<void>
}

/** Somebody saw personal data in clear. */
export type Look = { actor: SignedIn; subject: string; fields: readonly string[] }

const byOf = (actor: SignedIn): string => (actor.kind === 'member' ? actor.userid : nameOf(actor))
const hourMs = 3_600_000
/** A page that is open asks every few seconds; so many looks are remembered as written. */
const mostRemembered = 5_000

export const createAudit = ({
  mongo,
  clock,
  newId,
}: {
  mongo: Mongo
  clock: Clock
  newId: NewId
}): Audit & { saw(look: Look): Promise<void> } => {
  const entries = auditModel(mongo.connection)
  const seen = new Map<string, Promise<void>>()
  const record: Audit['record'] = async ({ actor, act, subject, detail }) => {
    const entry = { _id: newId('audit'), at: clock.date(), by: byOf(actor), role: actor.role, act, subject, detail }
    await entries.create(entry)
  }
  const write = async ({ actor, subject, fields }: Look, hour: number): Promise<void> => {
    const since = idAt('audit', hour * hourMs)
    const detail = { fields: [...fields] }
    const before = {
      subject,
      _id: { $gte: since },
      act: 'customer.seen',
      by: byOf(actor),
      'detail.fields': detail.fields,
    }
    if ((await entries.findOne(before, { _id: 1 }).lean()) === null)
      await record({ actor, act: 'customer.seen', subject, detail })
  }
  return {
    record,

    /** One entry for each hour somebody looks at the same customer; nothing is shown before it is written. */
    async saw(look) {
      if (look.fields.length === 0) return
      const hour = Math.floor(clock.now() / hourMs)
      const key = [byOf(look.actor), look.subject, hour, ...look.fields].join(' ')
      const known = seen.get(key)
      if (known !== undefined) return known
      if (seen.size >= mostRemembered) seen.clear()
      const written = write(look, hour)
      seen.set(key, written)
      // Whoever looks again tries again.
      written.catch(() => seen.delete(key))
      return written
    },
  }
}
