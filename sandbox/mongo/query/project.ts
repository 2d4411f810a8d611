import { namesByHash } from '../bson/names.ts'
import { picked } from '../bson/splice.ts'
import { isDoc, isNumeric, isTruthy, toNumber, type Doc, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { compileExpression, compileFilter } from './compile.ts'
import { prepareFilter } from './filter.ts'
import { elementTest, type Test } from './operators.ts'

type Rule =
  | { kind: 'flag' }
  | { kind: 'slice'; from: number; count: number | undefined }
  | { kind: 'elemMatch'; test: Test }
  | { kind: 'positional'; test: Test }
  | { kind: 'expression'; evaluate: (doc: Doc) => unknown }

interface Node {
  rule?: Rule
  children: Map<string, Node>
}

/** A projection ready to be applied to typed documents. */
export interface Projection {
  apply(doc: Doc): Doc
  /** The same on a document's bytes, where whole top-level fields are in or out. */
  stored: ((raw: Uint8Array) => Uint8Array) | undefined
  /** The top-level fields it reads; undefined for all. */
  fields: ReadonlySet<string> | undefined
}

function compileTest(filter: Doc): Test {
  return compileFilter(prepareFilter(filter))
}

function sliceRule(operand: unknown): Rule {
  const pair = Array.isArray(operand) ? operand.map(toNumber) : []
  const single = toNumber(operand)
  if (single !== undefined)
    return { kind: 'slice', from: single < 0 ? single : 0, count: single < 0 ? undefined : single }
  const [from, count] = pair
  if (from === undefined || count === undefined || count <= 0)
    return fail(28724, '$slice needs a number or [skip, limit]')
  return { kind: 'slice', from, count }
}

function ruleOf(field: string, value: unknown, filter: Doc): Rule | 'exclude' {
  if (typeof value === 'boolean' || isNumeric(value)) {
    if (!isTruthy(value)) return 'exclude'
    return field.endsWith('.$')
      ? { kind: 'positional', test: positionalTest(field.slice(0, -2), filter) }
      : { kind: 'flag' }
  }
  if (isDoc(value)) {
    if (
      '$slice' in value &&
      !(Array.isArray(value.$slice) && value.$slice.some((part) => toNumber(part) === undefined))
    ) {
      return sliceRule(value.$slice)
    }
    if (isDoc(value.$elemMatch)) return { kind: 'elemMatch', test: elementTest(value.$elemMatch, compileTest) }
    if ('$meta' in value) return fail(238, '$meta projections are not supported by this server')
  }
  return { kind: 'expression', evaluate: compileExpression(value) }
}

/** Which element of an array a query met: the test of `field.$`, taken from the query's conditions on that field. */
function positionalTest(field: string, filter: Doc): Test {
  const tests = Object.entries(filter)
    .filter(([name]) => name === field || name.startsWith(`${field}.`))
    .map(([name, condition]) => compileTest({ [`item${name.slice(field.length)}`]: condition }))
  if (tests.length === 0)
    fail(51246, 'Executor error during find command :: caused by :: positional operator needs the array in the query')
  return (item) => tests.every((test) => test({ item: [item] }))
}

function nodeAt(root: Node, path: readonly string[], field: string): Node {
  let node = root
  for (const part of path) {
    if (node.rule !== undefined) fail(31249, `Path collision at ${field} remaining portion ${part}`)
    const next: Node = node.children.get(part) ?? { children: new Map() }
    node.children.set(part, next)
    node = next
  }
  if (node.rule !== undefined || node.children.size > 0) fail(31250, `Path collision at ${field}`)
  return node
}

function shaped(value: unknown, rule: Rule, root: Doc): unknown {
  if (rule.kind === 'expression') return rule.evaluate(root)
  if (!Array.isArray(value)) return value
  const list: unknown[] = value
  if (rule.kind === 'slice') {
    const start = rule.from < 0 ? Math.max(0, list.length + rule.from) : rule.from
    return list.slice(start, rule.count === undefined ? undefined : start + rule.count)
  }
  if (rule.kind === 'elemMatch' || rule.kind === 'positional') {
    const index = list.findIndex((item) => rule.test(item))
    return index < 0 ? undefined : [list[index]]
  }
  return list
}

function include(value: Doc, node: Node, root: Doc, keepRest: boolean): Doc {
  const out: Doc = {}
  for (const key of Object.keys(value)) {
    const child = node.children.get(key)
    if (child === undefined) {
      if (keepRest) out[key] = value[key]
      continue
    }
    if (child.rule?.kind === 'expression') continue
    const kept =
      child.rule === undefined ? descend(value[key], child, root, keepRest) : shaped(value[key], child.rule, root)
    if (kept !== undefined || (child.rule?.kind === 'flag' && value[key] === undefined)) out[key] = kept
  }
  for (const [key, child] of node.children) {
    if (child.rule?.kind === 'expression') {
      const computed = shaped(undefined, child.rule, root)
      if (computed !== undefined) out[key] = computed
    } else if (!(key in out) && hasExpression(child)) {
      const nested = include({}, child, root, keepRest)
      if (Object.keys(nested).length > 0) out[key] = nested
    }
  }
  return out
}

function hasExpression(node: Node): boolean {
  return node.rule?.kind === 'expression' || [...node.children.values()].some(hasExpression)
}

function descend(value: unknown, node: Node, root: Doc, keepRest: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => descend(item, node, root, keepRest))
    return keepRest ? items : items.filter((item) => item !== undefined)
  }
  if (isDoc(value)) return include(value, node, root, keepRest)
  return keepRest ? value : undefined
}

function exclude(value: unknown, node: Node): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => exclude(item, node))
  if (!isDoc(value)) return value
  const out: Doc = {}
  for (const key of Object.keys(value)) {
    const child = node.children.get(key)
    if (child === undefined) out[key] = value[key]
    else if (child.rule?.kind === 'slice') out[key] = shaped(value[key], child.rule, {})
    else if (child.rule === undefined) out[key] = exclude(value[key], child)
  }
  return out
}

function storedPick({ children }: Node, keep: 'these' | 'others'): Projection['stored'] {
  const whole = [...children.values()].every((child) => child.rule?.kind === 'flag' && child.children.size === 0)
  if (!whole) return undefined
  const fields = namesByHash([...children.keys()])
  return (raw) => picked(raw, fields, keep)
}

function flatten(spec: Doc, prefix = ''): [string, unknown][] {
  return Object.entries(spec).flatMap(([key, value]): [string, unknown][] => {
    const nested =
      isDoc(value) && Object.keys(value).length > 0 && !Object.keys(value).some((name) => name.startsWith('$'))
    return nested ? flatten(value, `${prefix}${key}.`) : [[prefix + key, value]]
  })
}

/**
 * Compiles a find projection: fields in or out, $slice, $elemMatch, the positional `.$` and aggregation expressions.
 * `filter` is the query it belongs to. Returns undefined when every document passes unchanged.
 */
export function compileProjection(spec: unknown, filter: Doc): Projection | undefined {
  if (!isDoc(spec) || Object.keys(spec).length === 0) return undefined
  const root: Node = { children: new Map() }
  let keepId = true
  let including = false
  let excluding = false
  for (const [field, value] of flatten(spec)) {
    const rule = ruleOf(field, value, filter)
    if (field === '_id' && rule === 'exclude') {
      keepId = false
      continue
    }
    if (rule === 'exclude') excluding = true
    else if (rule.kind !== 'slice' && field !== '_id') including = true
    if (including && excluding) {
      fail(
        rule === 'exclude' ? 31254 : 31253,
        `Cannot do ${rule === 'exclude' ? 'exclusion' : 'inclusion'} on field ${field} in ${rule === 'exclude' ? 'inclusion' : 'exclusion'} projection`,
      )
    }
    const name = field.endsWith('.$') ? field.slice(0, -2) : field
    nodeAt(root, name.split('.'), name).rule = rule === 'exclude' ? { kind: 'flag' } : rule
    if (field === '_id' && rule !== 'exclude') including ||= Object.keys(spec).length === 1
  }
  if (!keepId) root.children.delete('_id')
  const onlySlices = !including && !excluding
  if (including) {
    if (keepId && !root.children.has('_id')) root.children.set('_id', { rule: { kind: 'flag' }, children: new Map() })
    const fields = hasExpression(root) ? undefined : new Set(root.children.keys())
    return { apply: (doc) => include(doc, root, doc, false), stored: storedPick(root, 'these'), fields }
  }
  if (!keepId) root.children.set('_id', { rule: { kind: 'flag' }, children: new Map() })
  if (onlySlices && keepId)
    return { apply: (doc) => include(doc, root, doc, true), stored: undefined, fields: undefined }
  return { apply: (doc) => asDoc(exclude(doc, root)), stored: storedPick(root, 'others'), fields: undefined }
}
