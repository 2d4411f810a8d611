import { Elements, elementsOf, int32 } from '../bson/elements.ts'
import { nameOf, type Name } from '../bson/names.ts'
import { readId } from '../bson/raw.ts'
import { readValue } from '../bson/read.ts'
import { write } from '../bson/values.ts'
import { MODIFIERS, type Modifier } from './operators.ts'
import type { Place } from './place.ts'

/** Gives the element that takes the place of the one between two places of a stored document (0 and 0: there is none); undefined: none. */
type Make = (raw: Buffer, start: number, end: number) => Uint8Array | undefined

/** What an update does to one top-level field. */
export interface FieldChange {
  name: Name
  make: Make
}

/**
 * An update of whole top-level fields, each by one operator. It is applied to the bytes of a document: what `$set` gives is never read,
 * of the document only what an operator builds on. It does what the same update does as an `UpdateProgram`, which is the general way.
 */
export type Patch = readonly FieldChange[]

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

function elementOf(name: string, value: unknown): Uint8Array {
  const doc = write({ [name]: value })
  return doc.subarray(4, doc.length - 1)
}

/** Reads the one value an operator builds on, and writes the one it makes. */
function modified({ text, bytes }: Name, apply: Modifier, operand: unknown): Make {
  return (raw, start, end) => {
    let made = keep(raw, start, end)
    const exists = start > 0
    const place: Place = {
      exists,
      value: exists ? readValue(raw, raw[start] ?? 0, start + bytes.length + 2, end, 'typed') : undefined,
      set: (value) => (made = elementOf(text, value)),
      unset: () => (made = undefined),
    }
    apply(place, operand, text, () => readId(raw))
    return made
  }
}

/** Adds one int32 to another one without reading either; all other numbers the general way. */
function increased(name: Name, element: Buffer, general: Make): Make {
  const at = name.bytes.length + 2
  if (element[0] !== 0x10) return general
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
function makeOf(op: string, name: Name, field: Elements): Make | undefined {
  const { bytes, type, nameEnd, end } = field
  // The deprecated `undefined` is stored as null.
  if (type === 0x06) return undefined
  const element = field.slice()
  if (op === '$set') return () => element
  if (op === '$unset') return () => undefined
  if (op === '$setOnInsert') return keep
  const modifier = Object.hasOwn(MODIFIERS, op) ? MODIFIERS[op] : undefined
  if (modifier === undefined) return undefined
  const general = modified(name, modifier.apply, readValue(bytes, type, nameEnd + 1, end, 'typed'))
  return op === '$inc' ? increased(name, element, general) : general
}

function isTwice(changes: Patch, { hash, text }: Name): boolean {
  for (const { name } of changes) if (name.hash === hash && name.text === text) return true
  return false
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
      const name = { text: field.name, bytes: update.subarray(field.start + 1, field.nameEnd), hash: field.hash }
      const make = makeOf(op.name, name, field)
      if (make === undefined || isTwice(changes, name)) return undefined
      changes.push({ name, make })
    }
  }
  return changes.length === 0 ? undefined : changes
}
