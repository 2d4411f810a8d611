import { createHash } from 'node:crypto'
import { because } from '@zhiyin/shared/because'
import type { NewFact } from '@zhiyin/shared/fact'
import type { Mapping, RowProblem } from '@zhiyin/shared/import'
import { consent } from '../cleaning/text.ts'
import { time } from '../cleaning/time.ts'
import type { Identity } from '../profile/read.ts'
import { createFaults, identityOf, textOf, traitsOf, widthProblem, type Context, type Traits } from './cells.ts'
import { tagsOf } from './tag-index.ts'
import { refuse } from '../cleaning/types.ts'
import type { Row } from './types.ts'

/** A row of a customer file, cleaned. `asOf`: when it was true; null: when it is taken. */
export type Person = {
  readonly who: readonly Identity[]
  readonly traits: Traits
  readonly consent: 'granted' | 'withdrawn' | null
  readonly tagIds: readonly string[]
  readonly asOf: Date | null
}

export type Read<T> = { readonly value: T } | { readonly problems: readonly RowProblem[] }

/** What one row says of a person. Empty cells say nothing. */
export const personOf = ({ cells }: Row, { columns }: Mapping, context: Context): Read<Person> => {
  const faults = createFaults()
  const who: Identity[] = []
  let traits: Traits = {}
  let tagIds: readonly string[] = []
  let said: Person['consent'] = null
  let asOf: Date | null = null
  const width = widthProblem(cells, columns.length)
  if (width !== null) faults.add(null, width)
  for (const [column, target] of columns.entries()) {
    const text = textOf(cells, column)
    if (text === '' || target.to === 'skip') continue
    if (target.to === 'identity') {
      const found = faults.take(column, identityOf(text, target.kind))
      if (found === null) continue
      who.push(found)
      if (found.kind === 'phone' || found.kind === 'email') traits = { ...traits, [found.kind]: found.value }
    } else if (target.to === 'trait') traits = { ...traits, ...faults.take(column, traitsOf(text, target, context)) }
    else if (target.to === 'tags') tagIds = [...tagIds, ...(faults.take(column, tagsOf(text, context.tags)) ?? [])]
    else if (target.to === 'consent') {
      said = faults.take(column, consent(text))
    } else if (target.to === 'as_of') {
      asOf = faults.take(column, time(text, context.zone))
      if (asOf !== null && asOf > context.now) faults.add(column, refuse('time.future', text).problem)
    }
  }
  if (who.length === 0 && faults.problems.length === 0) faults.add(null, { code: 'row.no_identity', params: {} })
  return faults.problems.length > 0
    ? { problems: faults.problems }
    : { value: { who, traits, consent: said, tagIds, asOf } }
}

/**
 * The facts of a person. Their ids come from what the row says, so that the same row is the same facts however often and from
 * whatever file it is taken. A row that does not say when it was true is true `at` this time only, so its `place` (which row of which
 * import) tells it apart.
 */
export const personFacts = (
  { who, traits, consent: said, tagIds, asOf }: Person,
  customerId: string,
  { at, place, file, tagNames }: { at: Date; place: string; file: string; tagNames: ReadonlyMap<string, string> },
): NewFact[] => {
  const hash = createHash('sha256')
    .update(JSON.stringify([who, traits, said, tagIds, asOf ?? place]))
    .digest('base64url')
  const base = { customerId, at: asOf ?? at, source: 'ingest' } as const
  const identified: NewFact[] =
    Object.keys(traits).length === 0
      ? []
      : [{ ...base, id: `import:${hash}`, type: 'profile.identified', payload: { traits, source: 'import' } }]
  const agreed: NewFact[] =
    said === null
      ? []
      : [
          {
            ...base,
            id: `consent.changed:import:${hash}`,
            type: 'consent.changed',
            payload: { purpose: 'marketing', state: said, source: 'import', proof: { text: file } },
          },
        ]
  return [
    ...identified,
    ...agreed,
    ...[...new Set(tagIds)].map((tagId): NewFact => ({
      ...base,
      id: `tag.added:import:${hash}:${tagId}`,
      type: 'tag.added',
      payload: { tagId, tag: tagNames.get(tagId) ?? tagId, because: [because('tag.by_import', { file })] },
    })),
  ]
}
