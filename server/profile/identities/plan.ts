import { pairOf, stays, verdictOf, type Side } from './sides.ts'

/** Whose something is; `of`: the part of the customer that it came through, where that was a customer of its own before. */
export type Owner = { readonly customerId: string; readonly of?: string }

/** Two customers who were named in one breath, by these of their identities. */
type Meeting = { readonly keys: readonly string[] }
type Merging = Meeting & { readonly into: string; readonly from: string }
export type Doubt = Meeting & { readonly customerIds: readonly [string, string] }

export type Plan = {
  /** The owner of each group, in the order asked. */
  readonly owners: readonly Owner[]
  /** New customers with the keys they begin with. */
  readonly created: ReadonlyMap<string, readonly string[]>
  /** Keys that join a customer known before. */
  readonly linked: ReadonlyMap<string, Owner>
  /** Customers known before who turn out to be one, in this order. */
  readonly merges: readonly Merging[]
  readonly doubts: readonly Doubt[]
}

export type Known = {
  /** Whose each known key is. */
  readonly owners: ReadonlyMap<string, Owner>
  /** Every key of those customers. */
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>
  /** Pairs of customers of whom somebody said that they are not one. */
  readonly apart: ReadonlySet<string>
}

type Named = { readonly id: string; readonly held: ReadonlySet<string> }

/**
 * Decides whose the groups of identities are; each group comes surest first, and its surest one decides. Whoever is named beside it
 * becomes one with it, if nothing speaks against it (`verdictOf`); otherwise both stay, and somebody is asked.
 */
export const planIdentities = (groups: readonly (readonly string[])[], known: Known, newId: () => string): Plan => {
  const ownerOf = new Map([...known.owners].map(([key, { customerId }]) => [key, customerId]))
  const partOf = new Map([...known.owners].map(([key, { customerId, of }]) => [key, of ?? customerId]))
  const held = new Map([...known.keysOf].map(([id, keys]) => [id, new Set(keys)]))
  const absorbed = new Map<string, string>()
  const added: string[] = []
  const merges: Merging[] = []
  const doubts: Doubt[] = []

  const standing = (id: string): string => {
    const into = absorbed.get(id)
    return into === undefined ? id : standing(into)
  }
  const isNew = (id: string): boolean => !known.keysOf.has(id)

  const sidesOf = (keys: readonly string[]): Side[] => {
    const sides = new Map<string, Side>()
    for (const key of keys) {
      const owner = ownerOf.get(key)
      const id = owner === undefined ? null : standing(owner)
      const side = sides.get(id ?? key)
      if (side !== undefined) sides.set(id ?? key, { ...side, named: [...side.named, key] })
      else sides.set(id ?? key, { id, held: (id === null ? null : held.get(id)) ?? new Set([key]), named: [key] })
    }
    return [...sides.values()]
  }

  /** Who is new has nothing to lose; so of two the one known before stays. */
  const chosen = (a: Named, b: Named): Named => (isNew(a.id) === isNew(b.id) ? stays(a, b) : isNew(a.id) ? b : a)

  const join = (a: Side, b: Side): Side => {
    const both = { held: new Set([...a.held, ...b.held]), named: [...a.named, ...b.named] }
    if (a.id === null || b.id === null) return { id: a.id ?? b.id, ...both }
    const [one, other] = [
      { id: a.id, held: a.held },
      { id: b.id, held: b.held },
    ]
    const into = chosen(one, other).id
    const from = into === one.id ? other.id : one.id
    absorbed.set(from, into)
    held.set(into, both.held)
    if (!isNew(from)) merges.push({ into, from, keys: both.named })
    return { id: into, ...both }
  }

  /** Gives what was unknown its owner. */
  const settle = ({ id, named }: Side, part: string | undefined): string => {
    const customerId = id ?? newId()
    const own = held.get(customerId) ?? new Set<string>()
    held.set(customerId, own)
    for (const key of named) {
      if (ownerOf.has(key)) continue
      ownerOf.set(key, customerId)
      partOf.set(key, part ?? customerId)
      own.add(key)
      added.push(key)
    }
    return customerId
  }

  const found = groups.map((keys) => {
    const [head, ...others] = sidesOf(keys)
    if (head === undefined) throw new Error('A group of identities is empty')
    let one = head
    const left: { side: Side; doubtful: boolean }[] = []
    for (const side of others) {
      const verdict = verdictOf(one, side, known.apart)
      if (verdict === 'one') one = join(one, side)
      else left.push({ side, doubtful: verdict === 'doubt' })
    }
    const through = keys.find((key) => one.named.includes(key) && ownerOf.has(key))
    const part = through === undefined ? undefined : partOf.get(through)
    const customerId = settle(one, part)
    for (const { side, doubtful } of left) {
      const other = settle(side, undefined)
      if (doubtful) doubts.push({ customerIds: [customerId, other], keys: side.named })
    }
    return { customerId, part: part ?? customerId }
  })

  const owner = (id: string, part: string): Owner => {
    const customerId = standing(id)
    const of = isNew(part) ? standing(part) : part
    return of === customerId ? { customerId } : { customerId, of }
  }
  const created = new Map<string, string[]>()
  const linked = new Map<string, Owner>()
  for (const key of added) {
    const id = ownerOf.get(key) ?? ''
    const one = owner(id, partOf.get(key) ?? id)
    if (isNew(one.customerId)) created.set(one.customerId, [...(created.get(one.customerId) ?? []), key])
    else linked.set(key, one)
  }
  const pairs = new Map<string, Doubt>()
  for (const { customerIds, keys } of doubts) {
    const [a, b] = [standing(customerIds[0]), standing(customerIds[1])]
    if (a !== b) pairs.set(pairOf(a, b), { customerIds: a < b ? [a, b] : [b, a], keys })
  }
  return {
    owners: found.map(({ customerId, part }) => owner(customerId, part)),
    created,
    linked,
    merges,
    doubts: [...pairs.values()],
  }
}
