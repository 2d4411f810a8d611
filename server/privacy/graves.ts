import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import type { Erased } from '../profile/read.ts'
import { privacyCollections } from './privacy.model.ts'

/** What is left of the identities of somebody erased: a keyed hash and when. It tells nobody who they were, but it knows them again. */
export const createGraves = ({ mongo, vault }: { mongo: Mongo; vault: Pick<Vault, 'blind'> }) => {
  const { graves } = privacyCollections(mongo.connection)
  const hashOf = (key: string): string => vault.blind('erased', key)

  const erased: Erased = async (keys) => {
    if (keys.length === 0) return new Map()
    const byHash = new Map(keys.map((key) => [hashOf(key), key]))
    const found = await graves.find({ _id: { $in: [...byHash.keys()] } }).toArray()
    return new Map(found.flatMap(({ _id, erasedAt }) => {
      const key = byHash.get(_id)
      return key === undefined ? [] : [[key, erasedAt] as const]
    })) // prettier-ignore
  }
  return {
    hashOf,
    erased,
    /** From now on nobody is made of these identities by what happened until `erasedAt`. */
    async bury(keys: readonly string[], erasureId: string, erasedAt: Date): Promise<void> {
      if (keys.length === 0) return
      await graves.bulkWrite(
        keys.map((key) => ({
          updateOne: { filter: { _id: hashOf(key) }, update: { $set: { erasedAt, erasureId } }, upsert: true },
        })),
        { ordered: false },
      )
    },
    /** Of people in WeCom, those who were erased before they became contacts of `since`. */
    async unwanted<T>(people: readonly T[], of: (one: T) => { externalUserId: string; since: Date }): Promise<Set<T>> {
      const keyOf = (one: T): string => `external_userid:${of(one).externalUserId}`
      const found = await erased([...new Set(people.map(keyOf))])
      return new Set(people.filter((one) => (found.get(keyOf(one)) ?? new Date(0)) >= of(one).since))
    },
  }
}

export type Graves = ReturnType<typeof createGraves>
