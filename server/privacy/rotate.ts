import type { KeysState } from '@zhiyin/shared/privacy'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import { privacyCollections, type RotationDoc } from './privacy.model.ts'

/** Seals the next documents behind `after` anew; answers how far it has come, null at the end. */
export type Reseal = (
  after: string | null,
  limit: number,
) => Promise<{ readonly after: string | null; readonly looked: number; readonly changed: number }>

const one = 'rotation'
const perBatch = 300
/** A job works so long, then another goes on. */
const workMs = 5_000
const againMs = 30_000

type Deps = {
  mongo: Mongo
  clock: Clock
  vault: Pick<Vault, 'newest' | 'ids'>
  /** Everything that holds sealed values, one after the other. */
  parts: readonly Reseal[]
  /** Names what is to be sealed beside phones and the like; another text begins anew. */
  marked: () => Promise<string>
}

export type Rotation = ReturnType<typeof createRotation>

/**
 * Brings everything that is sealed to the newest key, and seals what came in clear: begins by itself when the newest key, what is marked as
 * sensitive or what there is to look through is another than the last time, goes in batches with the place kept, and after a crash goes on where it was.
 */
export const createRotation = ({ mongo, clock, vault, parts, marked }: Deps) => {
  const { rotation } = privacyCollections(mongo.connection)
  const load = (): Promise<RotationDoc | null> => rotation.findOne({ _id: one })
  const version = async (): Promise<string> => `${vault.newest} ${parts.length} ${await marked()}`

  const begin = async (): Promise<void> => {
    const now = clock.date()
    const fresh = { part: 0, after: null, looked: 0, changed: 0, startedAt: now, doneAt: null, lookAt: now }
    await rotation.updateOne({ _id: one }, { $set: { version: await version(), ...fresh } }, { upsert: true })
  }

  return {
    begin,

    /** Answers whether there is something to do now. */
    async due(now: Date): Promise<boolean> {
      const doc = await load()
      if (doc?.version !== (await version())) await begin()
      const claimed = await rotation.updateOne(
        { _id: one, lookAt: { $lte: now } },
        { $set: { lookAt: new Date(now.getTime() + againMs) } },
      )
      return claimed.matchedCount === 1
    },

    /** The next batches; answers whether more is left. */
    async work(): Promise<boolean> {
      const began = performance.now()
      for (;;) {
        const doc = await load()
        if (doc === null || doc.doneAt !== null) return false
        const part = parts[doc.part]
        const here = { _id: one, version: doc.version, part: doc.part, after: doc.after }
        if (part === undefined) {
          await rotation.updateOne(here, { $set: { doneAt: clock.date() }, $unset: { lookAt: 1 } })
          return false
        }
        const { after, looked, changed } = await part(doc.after, perBatch)
        const place = after === null ? { part: doc.part + 1, after: null } : { after }
        const lookAt = new Date(clock.now() + againMs)
        const kept = await rotation.updateOne(here, { $set: { ...place, lookAt }, $inc: { looked, changed } })
        // Somebody else has gone on, or it was begun anew.
        if (kept.matchedCount === 0) return false
        if (performance.now() - began > workMs) return true
      }
    },

    async state(): Promise<KeysState> {
      const doc = await load()
      const now = doc?.version === (await version()) ? doc : null
      return {
        newest: vault.newest,
        ids: [...vault.ids],
        looked: now?.looked ?? 0,
        changed: now?.changed ?? 0,
        startedAt: now?.startedAt.toISOString() ?? null,
        doneAt: now?.doneAt?.toISOString() ?? null,
        oldMayGo: now !== null && now.doneAt !== null,
      }
    },
  }
}
