import type { AuditRead } from '../audit/read.ts'
import type { Vault } from '../platform/vault.ts'
import type { Held, Holding, Person } from './types.ts'

/** Everything we hold about somebody, in clear, by room and kind; and who looked at or changed what. */
export type Gathered = {
  readonly customerId: string
  readonly at: string
  readonly rooms: Readonly<Record<string, Held>>
}

type Deps = {
  vault: Pick<Vault, 'open'>
  personOf: (customerId: string) => Promise<Person | null>
  holdings: readonly Holding[]
  audit: Pick<AuditRead, 'of'>
}

/** Our own bookkeeping tells nothing about the person. */
const own = new Set([
  'pending',
  'nudgeAt',
  'lookAt',
  'rev',
  'workedOutAt',
  'definitions',
  'nextDueAt',
  'lateFrom',
  'search',
  'attrs',
])
const withoutOwn = <T extends object>(doc: T): object =>
  Object.fromEntries(Object.entries(doc).filter(([key]) => !own.has(key)))

export const createGatherer =
  ({ vault, personOf, holdings, audit }: Deps) =>
  async (customerId: string, now: Date): Promise<Gathered | null> => {
    const person = await personOf(customerId)
    if (person === null) return null
    const rooms: Record<string, Held> = {}
    for (const { room, collect } of holdings) {
      const held = Object.entries(await collect(person)).map(
        ([kind, docs]) => [kind, docs.map((doc) => withoutOwn(vault.open(doc)))] as const,
      )
      rooms[room] = Object.fromEntries(held.filter(([, docs]) => docs.length > 0))
    }
    const entries = await Promise.all(person.ids.map((id) => audit.of(`customer:${id}`)))
    rooms['audit'] = { entries: entries.flat().sort((a, b) => (a._id < b._id ? -1 : 1)) }
    return { customerId, at: now.toISOString(), rooms }
  }
