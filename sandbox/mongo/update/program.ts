import { Aggregator } from 'mingo/aggregator'
import { readFields } from '../bson/raw.ts'
import { withFields } from '../bson/splice.ts'
import { isDoc, plainDoc, readTyped, write, type Doc, asDoc } from '../bson/values.ts'
import { describe } from '../bson/describe.ts'
import { equalValues } from '../bson/compare.ts'
import { fail } from '../errors.ts'
import { options } from '../query/compile.ts'
import { MODIFIERS } from './operators.ts'
import type { Patch } from './patch.ts'
import { patched } from './patched.ts'
import { placeAt } from './place.ts'
import { concretePaths, parseArrayFilters, type ArrayFilters } from './positions.ts'

interface Step {
  op: string
  field: string
  path: readonly string[]
  operand: unknown
}

/**
 * An update ready to be applied: a whole new document, operators, or a pipeline. `roots` are the top-level fields operators change,
 * `seen` those of them whose old value has a say in the new one. A patch does to stored bytes what the operators of `general` do to
 * documents in memory.
 */
export type UpdateProgram =
  | { kind: 'replace'; doc: Doc }
  | {
      kind: 'operators'
      steps: readonly Step[]
      arrayFilters: ArrayFilters
      roots: ReadonlySet<string>
      seen: ReadonlySet<string>
    }
  | { kind: 'pipeline'; stages: readonly Doc[]; variables: Doc }
  | { kind: 'patch'; patch: Patch; general: () => UpdateProgram }

const PIPELINE_STAGES = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])

function checkPath(op: string, field: string): void {
  if (field === '') fail(56, `An empty update path is not valid.`)
  for (const part of field.split('.')) {
    if (part === '') fail(56, `The update path '${field}' contains an empty field name, which is not allowed.`)
    if (part.startsWith('$') && part !== '$' && !part.startsWith('$[')) {
      fail(
        52,
        `The dollar ($) prefixed field '${part}' in '${field}' is not allowed in the context of an update's ${op}.`,
      )
    }
  }
}

/** Throws ConflictingUpdateOperators when two paths are the same or one lies inside the other. */
function checkConflicts(fields: readonly string[]): void {
  const sorted = [...fields].sort()
  sorted.forEach((field, i) => {
    const clash = sorted.slice(0, i).find((other) => other === field || field.startsWith(`${other}.`))
    if (clash !== undefined) fail(40, `Updating the path '${field}' would create a conflict at '${clash}'`)
  })
}

function operatorSteps(update: Doc): Step[] {
  const steps: Step[] = []
  for (const [op, fields] of Object.entries(update)) {
    if (op !== '$rename' && op !== '$setOnInsert' && !(op in MODIFIERS)) {
      fail(
        9,
        `Unknown modifier: ${op}. Expected a valid update modifier or pipeline-style update specified as an array`,
      )
    }
    if (!isDoc(fields)) {
      return fail(
        9,
        `Modifiers operate on fields but we found type ${typeof fields} instead. For example: {$mod: {<field>: ...}} not {${op}: ${describe(fields)}}`,
      )
    }
    for (const [field, operand] of Object.entries(fields)) {
      checkPath(op, field)
      if (field.startsWith('_id.') || (field === '_id' && op !== '$set' && op !== '$setOnInsert')) {
        fail(66, `Performing an update on the path '${field}' would modify the immutable field '_id'`)
      }
      steps.push({ op, field, path: field.split('.'), operand })
    }
  }
  for (const { op, field, operand } of steps)
    if (op === '$rename' && field === operand)
      fail(2, `The source and target field for $rename must differ: ${field}: "${field}"`)
  checkConflicts(steps.flatMap(({ op, field, operand }) => (op === '$rename' ? [field, String(operand)] : [field])))
  for (const { op, field, operand } of steps) {
    if (op !== '$rename') continue
    if (typeof operand === 'string') checkPath(op, operand)
    else fail(2, `The 'to' field for $rename must be a string: ${field}: ${describe(operand)}`)
  }
  return steps
}

function rootsOf(steps: readonly Step[]): ReadonlySet<string> {
  const roots = new Set(['_id'])
  for (const { op, path, operand } of steps) {
    if (path[0] !== undefined) roots.add(path[0])
    if (op === '$rename') roots.add(String(operand).split('.', 1)[0] ?? '')
  }
  return roots
}

/**
 * Reads an update: a document of operators, a replacement or a pipeline. Throws MongoDB's errors for unknown operators (9), conflicting
 * paths (40), names beginning with a dollar (52).
 */
export function parseUpdate(update: unknown, arrayFilters: unknown, variables: Doc = {}): UpdateProgram {
  if (Array.isArray(update)) {
    if (arrayFilters !== undefined) fail(9, 'Cannot specify arrayFilters with a pipeline update')
    const stages = update.map((stage: unknown) => {
      const name = isDoc(stage) ? Object.keys(stage)[0] : undefined
      if (!isDoc(stage) || name === undefined || !PIPELINE_STAGES.has(name))
        fail(72, `${String(name)} is not allowed to be used within an update`)
      return plainDoc(isDoc(stage) ? stage : {})
    })
    return { kind: 'pipeline', stages, variables: plainDoc(variables) }
  }
  if (!isDoc(update)) return fail(9, 'Update argument must be either an object or an array')
  const filters = parseArrayFilters(Array.isArray(arrayFilters) ? arrayFilters : [])
  const first = Object.keys(update)[0]
  if (first?.startsWith('$') === true) {
    const steps = operatorSteps(update)
    for (const identifier of filters.keys()) {
      if (!steps.some(({ path }) => path.includes(`$[${identifier}]`)))
        fail(9, `The array filter for identifier '${identifier}' was not used in the update ${describe(update)}`)
    }
    const seen = rootsOf(steps.filter(({ op, path }) => op !== '$set' || path.length > 1))
    return { kind: 'operators', steps, arrayFilters: filters, roots: rootsOf(steps), seen }
  }
  const dollar = Object.keys(update).find((name) => name.startsWith('$'))
  if (dollar !== undefined) {
    fail(
      52,
      `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
    )
  }
  return { kind: 'replace', doc: update }
}

function rename(doc: Doc, step: Step): void {
  const from = placeAt(doc, step.path, false)
  if (from === undefined || !from.exists) return
  const to = placeAt(doc, String(step.operand).split('.'), true)
  to?.set(from.value)
  placeAt(doc, step.path, false)?.unset()
}

function applySteps(
  doc: Doc,
  steps: readonly Step[],
  filter: Doc,
  arrayFilters: ArrayFilters,
  inserting: boolean,
): void {
  // Which elements are meant shows in the document as it was found, not as a step before has left it.
  const placed = steps
    .filter(({ op }) => op !== '$setOnInsert' || inserting)
    .map((step) => ({
      step,
      paths: step.field.includes('$') ? concretePaths(doc, step.path, filter, arrayFilters) : [step.path],
    }))
  for (const { step, paths } of placed) {
    if (step.op === '$rename') {
      rename(doc, step)
      continue
    }
    const modifier = MODIFIERS[step.op === '$setOnInsert' ? '$set' : step.op]
    if (modifier === undefined) continue
    for (const path of paths) {
      const place = placeAt(doc, path, modifier.creates)
      if (place !== undefined) modifier.apply(place, step.operand, step.field, () => doc._id)
    }
  }
}

/** Gives what a pipeline left alone its number classes back. */
function restore(typed: unknown, plain: unknown, result: unknown): unknown {
  if (Object.is(plain, result)) return typed
  if (Array.isArray(typed) && Array.isArray(plain) && Array.isArray(result)) {
    return result.map((item, i) => (i < typed.length ? restore(typed[i], plain[i], item) : item))
  }
  if (!isDoc(typed) || !isDoc(plain) || !isDoc(result)) return result
  const out: Doc = {}
  for (const key of Object.keys(result))
    out[key] = key in plain ? restore(typed[key], plain[key], result[key]) : result[key]
  return out
}

function applyPipeline(doc: Doc, stages: readonly Doc[], variables: Doc): Doc {
  // What the stages get is theirs: they change what is nested in it in place.
  const [result] = new Aggregator([...stages], options(variables)).run<Doc>([plainDoc(doc)])
  return asDoc(restore(doc, plainDoc(doc), result ?? {}))
}

/**
 * Applies an update to a typed document, which is used up; returns the new one. `filter` is the prepared query (for `$`). Throws
 * ImmutableField when _id would change.
 */
export function applyUpdate(doc: Doc, program: UpdateProgram, filter: Doc, inserting = false): Doc {
  const id = doc._id
  const hadId = Object.hasOwn(doc, '_id')
  const next = applied(doc, program, filter, inserting)
  if (hadId && (!Object.hasOwn(next, '_id') || !equalValues(next._id, id))) {
    if (program.kind === 'operators' || program.kind === 'patch')
      fail(66, `Performing an update on the path '_id' would modify the immutable field '_id'`)
    fail(
      66,
      `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${describe(next._id)}`,
    )
  }
  return next
}

/** Applies an update to a stored document; returns the new bytes. Operators read only the fields they build on and write only those they name. */
export function updatedBytes(raw: Buffer, program: UpdateProgram, filter: Doc): Uint8Array {
  if (program.kind === 'patch') return patched(raw, program.patch)
  if (program.kind !== 'operators') return write(applyUpdate(readTyped(raw), program, filter))
  return withFields(raw, program.roots, applyUpdate(readFields(raw, program.seen), program, filter))
}

function applied(doc: Doc, program: UpdateProgram, filter: Doc, inserting: boolean): Doc {
  if (program.kind === 'patch') return applied(doc, program.general(), filter, inserting)
  if (program.kind === 'operators') {
    applySteps(doc, program.steps, filter, program.arrayFilters, inserting)
    return doc
  }
  const next = program.kind === 'replace' ? { ...program.doc } : applyPipeline(doc, program.stages, program.variables)
  return '_id' in next || !('_id' in doc) ? next : { _id: doc._id, ...next }
}

/** The document an upsert starts from: the values a prepared query requires by equality. */
export function upsertBase(filter: Doc, into: Doc = {}): Doc {
  for (const [field, condition] of Object.entries(filter)) {
    if (field === '$and' && Array.isArray(condition)) {
      for (const clause of condition) if (isDoc(clause)) upsertBase(clause, into)
    } else if (field === '$or' && Array.isArray(condition) && condition.length === 1) {
      if (isDoc(condition[0])) upsertBase(condition[0], into)
    } else if (!field.startsWith('$') && isDoc(condition)) {
      const all =
        Array.isArray(condition.$all) && condition.$all.length === 1 ? (condition.$all as unknown[]) : undefined
      const one = Array.isArray(condition.$in) && condition.$in.length === 1 ? (condition.$in as unknown[]) : undefined
      const value = '$eq' in condition ? condition.$eq : (all?.[0] ?? one?.[0])
      if (value === undefined) continue
      const place = placeAt(into, field.split('.'), true)
      if (place?.exists === true) fail(54, `cannot infer query fields to set, path '${field}' is matched twice`)
      place?.set(value)
    }
  }
  return into
}
