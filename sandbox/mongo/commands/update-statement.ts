import type { CompareStrings } from '../bson/compare.ts'
import { asBuffer, elementsOf } from '../bson/elements.ts'
import { nameOf } from '../bson/names.ts'
import { withoutPart } from '../bson/splice.ts'
import { isDoc, readTyped, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { parseCollation } from '../query/collation.ts'
import { prepareFilter } from '../query/filter.ts'
import { patchOf } from '../update/patch.ts'
import { parseUpdate, type UpdateProgram } from '../update/program.ts'

/** One update statement, read and checked. */
export interface UpdateStatement {
  filter: Doc
  program: UpdateProgram
  multi: boolean
  upsert: boolean
  hint: unknown
  sort: unknown
  variables: Doc
  strings?: CompareStrings | undefined
}

const FIELDS = new Set([
  'q',
  'u',
  'c',
  'multi',
  'upsert',
  'arrayFilters',
  'hint',
  'collation',
  'sort',
  'upsertSupplied',
  'sampleId',
])

function withProgram(statement: Doc, variables: Doc, program: () => UpdateProgram): UpdateStatement {
  const unknown = Object.keys(statement).find((field) => !FIELDS.has(field))
  if (unknown !== undefined) fail(40415, `BSON field 'update.updates.${unknown}' is an unknown field.`)
  const multi = statement.multi === true
  const made = program()
  if (multi && made.kind === 'replace') fail(9, 'multi update is not supported for replacement-style update')
  return {
    filter: prepareFilter(isDoc(statement.q) ? statement.q : {}),
    program: made,
    multi,
    upsert: statement.upsert === true,
    hint: statement.hint,
    sort: statement.sort,
    variables,
    strings: parseCollation(statement.collation),
  }
}

/** Reads an element of the update command's `updates`. */
export function updateStatement(statement: Doc, variables: Doc): UpdateStatement {
  return withProgram(statement, variables, () => parseUpdate(statement.u, statement.arrayFilters, variables))
}

const [UPDATE, ARRAY_FILTERS] = [nameOf('u'), nameOf('arrayFilters')]

/** The same from its bytes: an update that can be applied to bytes is not read. */
export function storedUpdateStatement(raw: Uint8Array, variables: Doc): UpdateStatement {
  const bytes = asBuffer(raw)
  let [start, end] = [0, 0]
  let update: Buffer | undefined
  for (const element = elementsOf(bytes); element.next();) {
    if (element.is(ARRAY_FILTERS)) return updateStatement(readTyped(bytes), variables)
    if (element.type !== 0x03 || !element.is(UPDATE)) continue
    ;({ start, end } = element)
    update = element.value()
  }
  const patch = update === undefined ? undefined : patchOf(update)
  if (update === undefined || patch === undefined) return updateStatement(readTyped(bytes), variables)
  const general = (): UpdateProgram => parseUpdate(readTyped(update), undefined, variables)
  return withProgram(readTyped(withoutPart(bytes, start, end)), variables, () => ({ kind: 'patch', patch, general }))
}
