import { kindOfKey, onePerPerson } from './identity.ts'

export type Conflict = { readonly customerIds: readonly string[]; readonly identities: readonly string[] }

export type Plan = {
  /** The customer of each group, in the order asked. */
  readonly customerIds: readonly string[]
  /** New customers with the keys they begin with. */
  readonly created: ReadonlyMap<string, readonly string[]>
  /** Keys that join a customer known before. */
  readonly linked: ReadonlyMap<string, string>
  readonly conflicts: readonly Conflict[]
}

type Known = {
  /** Whose each known key is. */
  readonly owners: ReadonlyMap<string, string>
  /** Every key of those customers. */
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>
}

const surest = (key: string): boolean => onePerPerson.has(kindOfKey(key))

/**
 * Decides whose the groups of identities are. The surest known key of a group decides; what is unknown joins it. A phone,
 * an e-mail or a device does not join somebody to a customer who already has another account: they share it, no more.
 * Keys of two known customers in one group stay where they are and are reported.
 */
export const planIdentities = (groups: readonly (readonly string[])[], known: Known, newId: () => string): Plan => {
  const owners = new Map(known.owners)
  const held = new Map([...known.keysOf].map(([id, keys]) => [id, new Set(keys)]))
  const created = new Map<string, string[]>()
  const linked = new Map<string, string>()
  const conflicts: Conflict[] = []

  const another = (customerId: string, key: string): boolean =>
    surest(key) && [...(held.get(customerId) ?? [])].some((own) => own !== key && kindOfKey(own) === kindOfKey(key))
  const mayJoin = (customerId: string, by: string, keys: readonly string[]): boolean =>
    surest(by) || !keys.some((key) => another(customerId, key))

  const customerIds = groups.map((keys) => {
    const found = keys.flatMap((key) => {
      const owner = owners.get(key)
      return owner === undefined ? [] : [{ key, owner }]
    })
    const customerId = found.find(({ key, owner }) => mayJoin(owner, key, keys))?.owner ?? newId()
    const own = held.get(customerId) ?? new Set<string>()
    held.set(customerId, own)
    for (const key of keys) {
      if (owners.has(key)) continue
      owners.set(key, customerId)
      own.add(key)
      if (known.keysOf.has(customerId)) linked.set(key, customerId)
      else created.set(customerId, [...(created.get(customerId) ?? []), key])
    }
    const elsewhere = found.filter(({ key, owner }) => owner !== customerId && kindOfKey(key) !== 'anonymous_id')
    if (elsewhere.length > 0)
      conflicts.push({
        customerIds: [...new Set([customerId, ...elsewhere.map(({ owner }) => owner)])].sort(),
        identities: elsewhere.map(({ key }) => key).sort(),
      })
    return customerId
  })
  return { customerIds, created, linked, conflicts }
}
