import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { identityCollection } from './identities.model.ts'
import { keyOf, markOfIndex, type Blind, type IdentityKind } from './identity.ts'
import { lookUpOf } from './look-up.ts'
import { progressModel } from './progress.model.ts'
import { signalsOf } from './signals.ts'
import { withConsents } from './state/consents.ts'

const perBatch = 500
const kinds = ['phone', 'email'] as const satisfies IdentityKind[]
const consentsDone = 'upgrade.consents'

/** What was kept before: brought into today's form at a start, batch by batch; a start that was cut short goes on. */
export const createUpgrade = ({ mongo: { connection }, clock }: { mongo: Mongo; clock: Clock }) => {
  const identities = identityCollection(connection)
  const customers = customerCollection(connection)
  const progress = progressModel(connection)

  /** Phones and e-mail addresses in clear get their blind index. Whatever begins with another character than the mark is in clear. */
  const hide = async (kind: (typeof kinds)[number], blind: Blind): Promise<void> => {
    const after = String.fromCharCode(markOfIndex.charCodeAt(0) + 1)
    for (;;) {
      const docs = await identities
        .find({ _id: { $gte: `${kind}:${after}`, $lt: `${kind};` } })
        .limit(perBatch)
        .toArray()
      if (docs.length === 0) return
      await identities.bulkWrite(
        docs.flatMap(({ _id, ...rest }) => {
          const hidden = keyOf(blind({ kind, value: _id.slice(kind.length + 1) }))
          return [
            { updateOne: { filter: { _id: hidden }, update: { $setOnInsert: rest }, upsert: true } },
            { deleteOne: { filter: { _id } } },
          ]
        }),
      )
    }
  }

  const consent = async (): Promise<void> => {
    if ((await progress.findOne({ _id: consentsDone }).lean()) !== null) return
    for (let after = ''; ;) {
      const docs: CustomerDoc[] = await customers
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(perBatch)
        .toArray()
      const old = docs.filter(({ state }) => !('consents' in state))
      if (old.length > 0)
        await customers.bulkWrite(
          old.map((doc) => {
            const state = withConsents(doc.state)
            const set = { state, ...lookUpOf(state, doc.contact, signalsOf(state), doc) }
            return { updateOne: { filter: { _id: doc._id, rev: doc.rev }, update: { $set: set, $inc: { rev: 1 } } } }
          }),
          { ordered: false },
        )
      const last = docs.at(-1)
      if (last === undefined || docs.length < perBatch) break
      after = last._id
    }
    const now = clock.date()
    const done = { round: 0, after: null, done: 0, wantedAt: now, doneAt: now, nudgeAt: null }
    await progress.updateOne({ _id: consentsDone }, { $setOnInsert: done }, { upsert: true })
  }

  return async (blind: Blind): Promise<void> => {
    for (const kind of kinds) await hide(kind, blind)
    await consent()
  }
}
