import { Elements, elementsOf, int32 } from '../bson/elements.ts'
import { nameOf } from '../bson/names.ts'
import { readId } from '../bson/raw.ts'
import { readValue } from '../bson/read.ts'
import { write } from '../bson/values.ts'
import { MODIFIERS, type Modifier } from './operators.ts'
import type { Place } from './place.ts'

/** Gives the element that takes the place of the one between two places of a stored document (0 and 0: there is none); undefined: none. */
type Make = (raw: Buffer, start: number, end: number) => Uint8Array | undefined

/** What an update does to one top-level field: the element of its operand, and what is made of the old one. */
export interface FieldChange {
  hash: number
  start: number
  nameEnd: number
  end: number
  /** `set`: the operand's element takes the old one's place as it is. */
  make: Make | 'set'
}

/**
 * An update of whole top-level fields, each by one operator. It is applied to the bytes of a document: what `$set` gives is never read,
 * of the document only what an operator builds on. It does what the same update does as an `UpdateProgram`, which is the general way.
 */
export interface Patch {
  /** The bytes the changes' elements lie in. */
  update: Buffer
  changes: readonly FieldChange[]
}

const MOST_FIELDS = 64
const [ID, PROTO] = [nameOf('_id'), nameOf('__proto__')]

/** Whether a field is one to be patched: no path, no position, no _id and no number, which JavaScript puts before other names. */
function isPlain(field: Elements): boolean {
  const { bytes, start, nameEnd } = field
  const first = bytes[start + 1] ?? 0
  if (nameEnd === start + 1 || (first >= 0x30 && first <= 0x39) || field.is(ID) || field.is(PROTO)) return false
  for (let at = start + 1; at < nameEnd; at++) if (bytes[at] === 0x24 || bytes[at] === 0x2e) return false
  return true
}

const keep: Make = (raw, start, end) => (start === 0 ? undefined : raw.subarray(start, end))
const drop: Make = () => undefined

function elementOf(name: string, value: unknown): Uint8Array {
  const doc = write({ [name]: value })
  return doc.subarray(4, doc.length - 1)
}

/** Reads the one value an operator builds on, and writes the one it makes. */
function modified({ name, bytes, type, start: from, nameEnd, end: to }: Elements, apply: Modifier): Make {
  const operand = readValue(bytes, type, nameEnd + 1, to, 'typed')
  return (raw, start, end) => {
    let made = keep(raw, start, end)
    const exists = start > 0
    const place: Place = {
      exists,
      value: exists ? readValue(raw, raw[start] ?? 0, start + nameEnd - from + 1, end, 'typed') : undefined,
      set: (value) => (made = elementOf(name, value)),
      unset: () => (made = undefined),
    }
    apply(place, operand, name, () => readId(raw))
    return made
  }
}

/** Adds one int32 to another one without reading either; all other numbers the general way. */
function increased(field: Elements, general: Make): Make {
  if (field.type !== 0x10) return general
  const element = field.slice()
  const at = field.nameEnd - field.start + 1
  return (raw, start, end) => {
    if (start === 0) return element
    if (raw[start] !== 0x10) return general(raw, start, end)
    const sum = int32(raw, start + at) + int32(element, at)
    if (sum !== (sum | 0)) return general(raw, start, end)
    const made = Buffer.from(element)
    made.writeInt32LE(sum, at)
    return made
  }
}

/** What an operator does to a field; undefined where only the general way knows. */
function makeOf(op: string, field: Elements): FieldChange['make'] | undefined {
  // The deprecated `undefined` is stored as null.
  if (field.type === 0x06) return undefined
  if (op === '$set') return 'set'
  if (op === '$unset') return drop
  if (op === '$setOnInsert') return keep
  const modifier = Object.hasOwn(MODIFIERS, op) ? MODIFIERS[op] : undefined
  if (modifier === undefined) return undefined
  const general = modified(field, modifier.apply)
  return op === '$inc' ? increased(field, general) : general
}

/** Whether an element of a document has the name of a change's. */
export function isOf(element: Elements, update: Buffer, { hash, start, nameEnd }: FieldChange): boolean {
  if (element.hash !== hash || element.nameEnd - element.start !== nameEnd - start) return false
  const { bytes } = element
  const shift = start - element.start
  for (let at = element.start + 1; at < element.nameEnd; at++) if (bytes[at] !== update[at + shift]) return false
  return true
}

/** Reads the bytes of an update; undefined for one that is not so simple, or that the general way refuses. */
export function patchOf(update: Buffer): Patch | undefined {
  const changes: FieldChange[] = []
  const ops: string[] = []
  for (const op = elementsOf(update); op.next();) {
    if (op.type !== 0x03 || ops.includes(op.name)) return undefined
    ops.push(op.name)
    for (const field = new Elements(update, op.nameEnd + 5, op.end - 1); field.next();) {
      if (!isPlain(field) || changes.length === MOST_FIELDS) return undefined
      const make = makeOf(op.name, field)
      if (make === undefined || changes.some((other) => isOf(field, update, other))) return undefined
      const { hash, start, nameEnd, end } = field
      changes.push({ hash, start, nameEnd, end, make })
    }
  }
  return changes.length === 0 ? undefined : { update, changes }
}
