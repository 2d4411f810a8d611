import type { ClientSession } from 'mongoose'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { customerCollection } from './customers.model.ts'
import { conflictModel, identityCollection } from './identities.model.ts'
import { keysOf, kindOfKey, type Identity } from './identity.ts'
import { newCustomer } from './new-customer.ts'
import { planIdentities, type Conflict, type Plan } from './resolve.ts'
import type { Definitions } from './types.ts'

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; definitions: () => Promise<Definitions> }

export type EnsureCustomers = (groups: readonly (readonly Identity[])[]) => Promise<string[]>

const externalOf = (keys: readonly string[]): string | null =>
  keys.find((key) => kindOfKey(key) === 'external_userid')?.slice('external_userid:'.length) ?? null

/**
 * Whose these identities are, one answer per group; who is unknown is created, once, however many ask at the same time.
 * The usual case, everybody known, costs one look-up by primary key and writes nothing.
 */
export const createEnsureCustomers = ({ mongo, clock, newId, definitions }: Deps): EnsureCustomers => {
  const identities = identityCollection(mongo.connection)
  const conflicts = conflictModel(mongo.connection)
  const customers = customerCollection(mongo.connection)

  const plan = async (groups: readonly string[][], session?: ClientSession): Promise<Plan> => {
    const options = session === undefined ? {} : { session }
    const keys = [...new Set(groups.flat())]
    const found = await identities.find({ _id: { $in: keys } }, options).toArray()
    const owners = new Map(found.map(({ _id, customerId }) => [_id, customerId]))
    const held = new Map(found.map(({ customerId }) => [customerId, new Set<string>()]))
    const rest =
      owners.size === keys.length || held.size === 0
        ? found
        : await identities.find({ customerId: { $in: [...held.keys()] } }, options).toArray()
    for (const { _id, customerId } of rest) held.get(customerId)?.add(_id)
    return planIdentities(groups, { owners, keysOf: held }, () => newId('customer'))
  }

  const report = async (found: readonly Conflict[]): Promise<void> => {
    if (found.length === 0) return
    const at = clock.date()
    await conflicts.bulkWrite(
      found.map((conflict) => ({
        updateOne: {
          filter: { _id: [...conflict.customerIds, ...conflict.identities].join(' ') },
          update: {
            $setOnInsert: {
              customerIds: [...conflict.customerIds],
              identities: [...conflict.identities],
              at,
              decided: false,
            },
          },
          upsert: true,
        },
      })),
      { ordered: false },
    )
  }

  const carryOut = async ({ created, linked }: Plan, known: Definitions, session: ClientSession): Promise<void> => {
    const now = clock.date()
    const joined = [...created].flatMap(([customerId, keys]) => keys.map((_id) => ({ _id, customerId, at: now })))
    const added = [...linked].map(([_id, customerId]) => ({ _id, customerId, at: now }))
    await identities.insertMany([...joined, ...added], { session })
    const fresh = [...created].map(([id, keys]) => newCustomer(id, externalOf(keys), now, known))
    if (fresh.length > 0) await customers.insertMany(fresh, { session })
    for (const [key, customerId] of linked) {
      const externalUserId = externalOf([key])
      if (externalUserId !== null)
        await customers.updateOne(
          { _id: customerId, externalUserId: null },
          { $set: { externalUserId }, $inc: { rev: 1 } },
          { session },
        )
    }
  }

  return async (groups) => {
    const asked = groups.map(keysOf)
    if (asked.length === 0) return []
    const first = await plan(asked)
    if (first.created.size === 0 && first.linked.size === 0) {
      await report(first.conflicts)
      return [...first.customerIds]
    }
    const known = await definitions()
    const done = await mongo.transaction(async (session) => {
      const now = await plan(asked, session)
      if (now.created.size > 0 || now.linked.size > 0) await carryOut(now, known, session)
      return now
    })
    await report(done.conflicts)
    return [...done.customerIds]
  }
}
