import type { FactsRead } from '../events/read.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Show, Vault } from '../platform/vault.ts'
import type { Holding, Person } from '../privacy/types.ts'
import { customerCollection } from './customers.model.ts'
import { conflictModel, identityCollection } from './identities.model.ts'
import { kindOfKey } from './identity.ts'
import { mergeModel, partModel } from './identities/merges.model.ts'
import { createWholes } from './identities/whole.ts'

export type PersonOf = (customerId: string) => Promise<Person | null>

/** Shorter names stand in too many texts to tell whom they mean. */
const shortest = 2

type Deps = {
  mongo: Mongo
  vault: Pick<Vault, 'open' | 'blind'>
  /** Facts of some kinds of these customers, a piece at a time. */
  facts: Pick<FactsRead, 'pieces'>
}

/** Who a customer is to all rooms, also by what they were called and had as a phone before; null when there is none. */
export const createPersonOf = ({ mongo: { connection }, vault, facts }: Deps): PersonOf => {
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const merges = mergeModel(connection)
  const wholes = createWholes({ connection })
  return async (asked) => {
    const customerId = await wholes.standing(asked)
    const doc = await customers.findOne({ _id: customerId })
    const keys = (await identities.find({ customerId }).toArray()).map(({ _id }) => _id)
    if (doc === null && keys.length === 0) return null
    const external = keys.flatMap((key) =>
      kindOfKey(key) === 'external_userid' ? [key.slice('external_userid:'.length)] : [],
    )
    const known = doc?.externalUserId ?? doc?.contact?.externalUserId ?? null
    const remarks = doc?.contact?.follows.flatMap(({ remark }) => remark ?? []) ?? []
    const ids = await wholes.partsOf(customerId)
    const merged = await merges.find({ from: { $in: ids }, state: { $in: ['joining', 'joined'] } }, { names: 1 }).lean()
    const called = new Set([doc?.name ?? '', doc?.contact?.name ?? '', ...remarks])
    for (const { names } of merged) for (const name of [names.into, names.from]) called.add(name)
    const contacts = new Set<string>()
    const indexes = new Set<string>()
    const note: Show = (kind, value) => {
      if (kind === 'phone' || kind === 'email' || kind === 'id_number') {
        contacts.add(value)
        indexes.add(vault.blind(kind, value))
      }
      return value
    }
    if (doc !== null) vault.open(doc, note)
    for await (const piece of facts.pieces(ids, ['profile.identified']))
      for (const fact of piece) {
        if (fact.type !== 'profile.identified') continue
        const { name } = vault.open(fact.payload.traits, note)
        if (typeof name === 'string') called.add(name.trim())
      }
    return {
      customerId,
      ids,
      keys,
      contacts: [...contacts],
      indexes: [...indexes],
      externalUserIds: [...new Set([...external, ...(known === null ? [] : [known])])],
      userids: [...new Set(doc?.follows.map(({ userid }) => userid) ?? [])],
      names: [...called].filter((name) => name.length >= shortest && name !== '未具名客户'),
    }
  }
}

/** The profile itself, its identities, and the doubts about who is who. */
export const createProfilePersonal = ({ connection }: Pick<Mongo, 'connection'>): Holding => {
  const customers = customerCollection(connection)
  const identities = identityCollection(connection)
  const conflicts = conflictModel(connection)
  const merges = mergeModel(connection)
  const parts = partModel(connection)
  const { partsOf } = createWholes({ connection })
  const merged = (ids: readonly string[]) => ({ $or: [{ into: { $in: [...ids] } }, { from: { $in: [...ids] } }] })
  return {
    room: 'profile',
    collect: async ({ customerId, ids }) => ({
      profile: await customers.find({ _id: customerId }).toArray(),
      identities: await identities.find({ customerId }).toArray(),
      merges: await merges.find(merged(ids)).lean(),
      // Who the other one may be is nothing of theirs.
      doubts: (await conflicts.find({ customerIds: { $in: [...ids] } }).lean()).map(
        ({ _id, customerIds: _pair, ...doubt }) => doubt,
      ),
    }),
    async forget({ customerId, ids }) {
      // Whoever became part of them, and of those, is them; since it was asked who they are, too.
      const all = [...new Set([...(await partsOf(customerId)), ...ids])]
      let gone = 0
      const erased = {
        // First of all: from now on nobody is found by them.
        identities: (await identities.deleteMany({ customerId: { $in: all } })).deletedCount,
        profile: (await customers.deleteMany({ _id: { $in: all } })).deletedCount,
        conflicts: (await conflicts.deleteMany({ customerIds: { $in: all } })).deletedCount,
        merges: (await merges.deleteMany(merged(all))).deletedCount,
      }
      // The innermost first, so that a crash leaves nobody behind whom nobody finds again.
      for (const _id of all.toReversed()) gone += (await parts.deleteOne({ _id })).deletedCount
      return { ...erased, parts: gone }
    },
  }
}
