import { Elements, elementsOf } from './elements.ts'
import { nameOf, namesOf, type Name } from './names.ts'
import { readValue, type NumberClass } from './read.ts'
import { readTyped, type Doc } from './values.ts'

const valueAt = (element: Elements, form: NumberClass): unknown =>
  readValue(element.bytes, element.type, element.nameEnd + 1, element.end, form)

function readNamed(raw: Uint8Array, fields: ReadonlySet<string>, form: NumberClass): Doc {
  const names = namesOf(fields)
  const out: Doc = {}
  let left = names.length
  for (const element = elementsOf(raw); left > 0 && element.next();) {
    for (const name of names) {
      if (!element.is(name)) continue
      left--
      if (name.text !== '__proto__') out[name.text] = valueAt(element, form)
      break
    }
  }
  return out
}

/** Reads only the named top-level fields of a document, typed; all of it when `fields` is undefined. */
export function readFields(raw: Uint8Array, fields: ReadonlySet<string> | undefined): Doc {
  return fields === undefined ? readTyped(raw) : readNamed(raw, fields, 'typed')
}

/** Reads only the named top-level fields of a document, plain. */
export function readPlainFields(raw: Uint8Array, fields: ReadonlySet<string>): Doc {
  return readNamed(raw, fields, 'plain')
}

/** Fields to read, by name: all of a field's value, or of the documents in it only some fields. */
export type Fields = ReadonlyMap<string, Fields | 'all'>

type FieldName = Name & { inner: Fields | 'all' }

const namesOfFields = new WeakMap<Fields, readonly FieldName[]>()

function namesIn(fields: Fields): readonly FieldName[] {
  const known = namesOfFields.get(fields)
  if (known !== undefined) return known
  const made = [...fields].map(([text, inner]) => ({ ...nameOf(text), inner }))
  namesOfFields.set(fields, made)
  return made
}

/** Reads only these fields of the document between two places; where a field holds an array, of each document in it. */
export function partsWithin(bytes: Buffer, from: number, end: number, fields: Fields, form: NumberClass): Doc {
  const names = namesIn(fields)
  const out: Doc = {}
  let left = names.length
  for (const element = new Elements(bytes, from, end); left > 0 && element.next();) {
    for (const name of names) {
      if (!element.is(name)) continue
      left--
      if (name.text !== '__proto__') out[name.text] = readPart(element, name.inner, form)
      break
    }
  }
  return out
}

function readPart(element: Elements, inner: Fields | 'all', form: NumberClass): unknown {
  const { bytes, type, nameEnd, end } = element
  if (inner === 'all') return valueAt(element, form)
  if (type === 4) return arrayWithin(bytes, nameEnd + 5, end - 1, inner, form)
  return type === 3 ? partsWithin(bytes, nameEnd + 5, end - 1, inner, form) : valueAt(element, form)
}

function arrayWithin(bytes: Buffer, from: number, end: number, inner: Fields, form: NumberClass): unknown[] {
  const out: unknown[] = []
  for (const element = new Elements(bytes, from, end); element.next();) out.push(readPart(element, inner, form))
  return out
}

const ID = nameOf('_id')

/** The _id of a stored document. */
export function readId(raw: Uint8Array): unknown {
  for (const element = elementsOf(raw); element.next();) if (element.is(ID)) return valueAt(element, 'typed')
  return undefined
}
