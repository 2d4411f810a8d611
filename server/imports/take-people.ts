import type { Problem } from '@zhiyin/shared/cleaning'
import type { Mapping } from '@zhiyin/shared/import'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import { erasedId, type Identity } from '../profile/read.ts'
import { placeBehind, withoutWords, type Batches, type Rejected } from './batch.ts'
import type { Context } from './cells.ts'
import { numbered, type ImportDoc } from './imports.model.ts'
import { personFacts, personOf, type Person } from './person.ts'
import { isEmpty } from './table.ts'
import type { Row } from './types.ts'

export type PeopleDeps = {
  clock: Clock
  ensureCustomers: (groups: readonly (readonly Identity[])[]) => Promise<string[]>
  /** Of each group of identities, whether somebody has one of them. */
  known: (groups: readonly (readonly Identity[])[]) => Promise<readonly boolean[]>
  factsByIds: (ids: readonly string[]) => Promise<readonly { readonly id: string }[]>
  /** Puts these tags on these customers in WeCom as well. */
  markTags: (wants: readonly { customerId: string; tagIds: readonly string[]; cause: string }[]) => Promise<void>
  tagNames: ReadonlyMap<string, string>
}

type Taken = { readonly row: number; readonly cells: readonly string[]; readonly person: Person }

/** Kept with the number of the row, so that whoever imports learns of it; what the row says is not kept. */
const erased: Problem = { code: 'row.erased', params: {} }

/** Rows of a customer file: cleaned, their customers found or made, what they say stored as facts. Answers whose they are. */
export const takePeople = async (
  { clock, ensureCustomers, known, factsByIds, markTags, tagNames }: PeopleDeps,
  batches: Batches,
  doc: ImportDoc,
  rows: readonly Row[],
  mapping: Mapping,
  context: Context,
): Promise<readonly string[]> => {
  const began = performance.now()
  const taken: Taken[] = []
  const rejected: Rejected[] = []
  const full = rows.filter((row) => !isEmpty(row))
  for (const row of full) {
    const read = personOf(row, mapping, context)
    if ('value' in read) taken.push({ row: row.row, cells: row.cells, person: read.value })
    else rejected.push({ row: row.row, cells: row.cells, problems: read.problems })
  }

  const fresh = await freshRows(doc, batches, taken, known)
  // Who was erased after what a row tells of stays erased.
  const owners = await ensureCustomers(
    taken.map(({ person: { who, asOf } }) => (asOf === null ? who : who.map((one) => ({ ...one, at: asOf })))),
  )
  const at = clock.now()
  // Of two rows of one person the later one stands; none is dated ahead.
  const left = new Map<string, number>()
  for (const owner of owners) left.set(owner, (left.get(owner) ?? 0) + 1)
  const all = taken.map(({ row, cells, person }, i): Taken & { owner: string; facts: NewFact[] } => {
    const owner = owners[i] ?? ''
    const after = (left.get(owner) ?? 1) - 1
    left.set(owner, after)
    return {
      row,
      cells,
      owner,
      person,
      facts: personFacts(person, owner, {
        at: new Date(at - after),
        place: numbered(doc._id, row),
        file: doc.name,
        tagNames,
      }),
    }
  })
  const made = all.filter(({ owner }) => owner !== erasedId)
  for (const { row, cells, owner } of all)
    if (owner === erasedId)
      rejected.push({ row, cells: withoutWords(cells), problems: [{ column: null, problem: erased }] })
  const ids = made.flatMap(({ facts }) => facts.map(({ id }) => id))
  const before = new Set((await factsByIds(ids)).map(({ id }) => id))
  const seen = new Set<string>()
  const counts = { rows: full.length, created: 0, updated: 0, unchanged: 0, rejected: rejected.length }
  for (const { row, owner, facts } of made) {
    const news = facts.some(({ id }) => !before.has(id))
    if (fresh.has(row) && !seen.has(owner)) counts.created += 1
    else if (news) counts.updated += 1
    else counts.unchanged += 1
    seen.add(owner)
  }
  await markTags(
    made.flatMap(({ owner, person: { tagIds }, facts }) => {
      const tagged = facts.find(({ id, type }) => type === 'tag.added' && !before.has(id))
      return tagged === undefined ? [] : [{ customerId: owner, tagIds, cause: tagged.id }]
    }),
  )
  await batches.close(doc, {
    facts: made.flatMap(({ facts }) => facts),
    rejected,
    counts,
    set: { ...placeBehind(doc, rows), fresh: null },
    ms: performance.now() - began,
  })
  return made.map(({ owner }) => owner)
}

/** The rows whose customers nobody knew when this batch was begun first. */
const freshRows = async (
  doc: ImportDoc,
  batches: Batches,
  taken: readonly Taken[],
  known: PeopleDeps['known'],
): Promise<ReadonlySet<number>> => {
  if (doc.fresh?.offset === doc.offset) return new Set(doc.fresh.rows)
  const found = await known(taken.map(({ person }) => person.who))
  const rows = taken.flatMap(({ row }, i) => (found[i] === true ? [] : [row]))
  if (rows.length > 0) await batches.note(doc, { fresh: { offset: doc.offset, rows } })
  return new Set(rows)
}
