import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { auditModel } from './audit.model.ts'

/** One entry per change made by a person or a script: who, what, on what, when. `subject` is `kind:id`; `detail` holds no personal data beyond ids. */
export type Audit = {
  record(entry: { actor: SignedIn; act: string; subject: string; detail: Record<string, unknown> }): Promise<void>
}

export const createAudit = ({ mongo, clock, newId }: { mongo: Mongo; clock: Clock; newId: NewId }): Audit => {
  const entries = auditModel(mongo.connection)
  return {
    async record({ actor, act, subject, detail }) {
      const by = actor.kind === 'member' ? actor.userid : nameOf(actor)
      await entries.create({ _id: newId('audit'), at: clock.date(), by, role: actor.role, act, subject, detail })
    },
  }
}
