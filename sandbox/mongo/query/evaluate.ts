import { compareValues } from '../bson/compare.ts'
import { bsonType, isDoc, isTruthy, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'

/** An expression made ready: works out its value for a plain document; `frame` holds the variables by their place. */
type Evaluate = (doc: Doc, frame: unknown[]) => unknown
/** The names of the variables in sight, each at its place. */
type Names = readonly string[]
type Compile = (operand: unknown, names: Names) => Evaluate | undefined

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

/** A dotted path from a value, as MongoDB follows it: of an array on the way, what its documents have there; no array within an array. */
function follow(value: unknown, parts: readonly string[]): unknown {
  let current = value
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(current)) {
      const rest = parts.slice(i)
      return current.filter(isDoc).flatMap((item) => {
        const found = follow(item, rest)
        return found === undefined ? [] : [found]
      })
    }
    if (!isDoc(current)) return undefined
    current = Object.hasOwn(current, part) ? current[part] : undefined
  }
  return current
}

function path(text: string, names: Names): Evaluate | undefined {
  if (!text.startsWith('$$')) {
    const parts = text.slice(1).split('.')
    return (doc) => follow(doc, parts)
  }
  const [name = '', ...parts] = text.slice(2).split('.')
  const place = names.lastIndexOf(name)
  if (place === -1) return undefined
  return parts.length === 0 ? (_doc, frame) => frame[place] : (_doc, frame) => follow(frame[place], parts)
}

/** Several expressions; undefined as soon as one of them is. */
function each(operands: readonly unknown[], names: Names): Evaluate[] | undefined {
  const made: Evaluate[] = []
  for (const operand of operands) {
    const one = compileKnown(operand, names)
    if (one === undefined) return undefined
    made.push(one)
  }
  return made
}

const several =
  (work: (evaluates: readonly Evaluate[]) => Evaluate): Compile =>
  (operand, names) => {
    const made = Array.isArray(operand) ? each(operand, names) : undefined
    return made === undefined ? undefined : work(made)
  }

function comparison(answer: (order: number) => boolean): Compile {
  return several(([first, second, ...others]) => (doc, frame) => {
    if (first === undefined || second === undefined || others.length > 0)
      return fail(16020, 'Expression of a comparison takes exactly 2 arguments.')
    const [a, b] = [first(doc, frame), second(doc, frame)]
    return answer(a instanceof Date && b instanceof Date ? a.getTime() - b.getTime() : compareValues(a, b))
  })
}

function sum(values: readonly unknown[]): unknown {
  let total = 0
  let dates = 0
  for (const value of values) {
    if (isNothing(value)) return null
    if (value instanceof Date) dates++
    else if (typeof value !== 'number')
      return fail(16554, `$add only supports numeric or date types, not ${bsonType(value)}`)
    total += Number(value)
  }
  if (dates > 1) return fail(16612, 'only one date allowed in an $add expression')
  return dates === 1 ? new Date(total) : total
}

const listOf = (value: unknown, code: number, says: string): unknown[] | null =>
  isNothing(value) ? null : Array.isArray(value) ? value : fail(code, `${says}, not ${bsonType(value)}`)

/** An operator that works out `body` for every element of `input`, under a name. */
function overElements(
  body: 'in' | 'cond',
  fields: ReadonlySet<string>,
  work: (list: unknown[], evaluate: (item: unknown) => unknown) => unknown,
): Compile {
  return (operand, names) => {
    if (!isDoc(operand) || !Object.keys(operand).every((field) => fields.has(field))) return undefined
    const name = operand.as ?? 'this'
    const input = compileKnown(operand.input, names)
    const inner = typeof name === 'string' ? compileKnown(operand[body], [...names, name]) : undefined
    if (input === undefined || inner === undefined) return undefined
    return (doc, frame) => {
      const list = listOf(input(doc, frame), 16883, 'input must be an array')
      if (list === null) return null
      return work(list, (item) => {
        frame[names.length] = item
        return inner(doc, frame)
      })
    }
  }
}

const reduce: Compile = (operand, names) => {
  if (!isDoc(operand)) return undefined
  const made = each([operand.input, operand.initialValue], names)
  const inner = compileKnown(operand.in, [...names, 'this', 'value'])
  const [input, initial] = made ?? []
  if (input === undefined || initial === undefined || inner === undefined) return undefined
  return (doc, frame) => {
    const list = listOf(input(doc, frame), 40080, '$reduce requires that its input be an array')
    let value = initial(doc, frame)
    for (const item of list ?? []) {
      frame[names.length] = item
      frame[names.length + 1] = value
      value = inner(doc, frame)
    }
    return list === null ? null : value
  }
}

const bind: Compile = (operand, names) => {
  if (!isDoc(operand) || !isDoc(operand.vars)) return undefined
  const values = each(Object.values(operand.vars), names)
  const inner = compileKnown(operand.in, [...names, ...Object.keys(operand.vars)])
  if (values === undefined || inner === undefined) return undefined
  return (doc, frame) => {
    const found = values.map((value) => value(doc, frame))
    for (const [i, value] of found.entries()) frame[names.length + i] = value
    return inner(doc, frame)
  }
}

/** An operator of one list, alone or as the only one of its arguments. */
const ofList =
  (work: (list: unknown[] | null) => unknown, code: number, says: string): Compile =>
  (operand, names) => {
    const evaluate = compileKnown(Array.isArray(operand) && operand.length === 1 ? operand[0] : operand, names)
    return evaluate && ((doc, frame) => work(listOf(evaluate(doc, frame), code, says)))
  }

const joined = (lists: readonly unknown[]): unknown => {
  const found = lists.map((list) => listOf(list, 28664, '$concatArrays only supports arrays'))
  return found.includes(null) ? null : found.flatMap((list) => list ?? [])
}

const OPERATORS: ReadonlyMap<string, Compile> = new Map(
  Object.entries({
    $literal: (operand) => () => operand,
    $and: several((parts) => (doc, frame) => parts.every((part) => isTruthy(part(doc, frame)))),
    $or: several((parts) => (doc, frame) => parts.some((part) => isTruthy(part(doc, frame)))),
    $eq: comparison((order) => order === 0),
    $ne: comparison((order) => order !== 0),
    $gt: comparison((order) => order > 0),
    $gte: comparison((order) => order >= 0),
    $lt: comparison((order) => order < 0),
    $lte: comparison((order) => order <= 0),
    $add: several((parts) => (doc, frame) => sum(parts.map((part) => part(doc, frame)))),
    $concatArrays: several((parts) => (doc, frame) => joined(parts.map((part) => part(doc, frame)))),
    $map: overElements('in', new Set(['input', 'as', 'in']), (list, evaluate) => list.map(evaluate)),
    $filter: overElements('cond', new Set(['input', 'as', 'cond']), (list, evaluate) =>
      list.filter((item) => isTruthy(evaluate(item))),
    ),
    $reduce: reduce,
    $let: bind,
    $first: ofList((list) => (list === null ? null : list[0]), 28689, '$first’s argument must be an array'),
    $anyElementTrue: ofList(
      (list) =>
        list === null ? fail(17041, '$anyElementTrue’s argument must be an array, but is null') : list.some(isTruthy),
      17041,
      '$anyElementTrue’s argument must be an array',
    ),
  }),
)

function compileKnown(expression: unknown, names: Names): Evaluate | undefined {
  if (typeof expression === 'string' && expression.startsWith('$')) return path(expression, names)
  if (Array.isArray(expression)) {
    const made = each(expression, names)
    return made && ((doc, frame) => made.map((one) => one(doc, frame)))
  }
  if (!isDoc(expression)) return () => expression
  const [operator, ...others] = Object.keys(expression)
  if (operator === undefined || others.length > 0) return undefined
  return OPERATORS.get(operator)?.(expression[operator], names)
}

/**
 * Compiles an expression over plain documents once, instead of walking through it for each of them. Undefined when there is something in
 * it that mingo has to work out.
 */
export function compileOnce(expression: unknown): ((doc: Doc) => unknown) | undefined {
  const evaluate = compileKnown(expression, [])
  return evaluate && ((doc) => evaluate(doc, []))
}
