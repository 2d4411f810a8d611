import { asBuffer, assemble, elementsOf } from './elements.ts'
import { nameOf, namesOf, type Name, type NamesByHash } from './names.ts'
import { write, type Doc } from './values.ts'

const ID = nameOf('_id')

/** Puts _id first, as MongoDB stores it; the bytes themselves when it already is. `newId` supplies an _id where there is none. */
export function withIdFirst(raw: Uint8Array, newId: () => Uint8Array): Buffer {
  const bytes = asBuffer(raw)
  for (const element = elementsOf(bytes); element.next();) {
    if (!element.is(ID)) continue
    if (element.start === 4) return bytes
    const [before, after] = [bytes.subarray(4, element.start), bytes.subarray(element.end, bytes.length - 1)]
    return assemble([element.slice(), before, after])
  }
  return assemble([newId(), bytes.subarray(4, bytes.length - 1)])
}

/**
 * A document with other values for the named top-level fields: those of `doc`, in the old places, new ones at the end; a field `doc` lacks
 * goes. All else, and the _id, keeps its bytes.
 */
export function withFields(raw: Uint8Array, fields: ReadonlySet<string>, doc: Doc): Buffer {
  const names = namesOf(fields)
  const bytes = asBuffer(raw)
  const fresh: { element: Buffer; name: Name; used: boolean }[] = []
  for (const made = elementsOf(write(doc)); made.next();)
    fresh.push({ element: made.slice(), name: nameOf(made.name), used: made.is(ID) })
  const parts: Uint8Array[] = []
  let copied = 4
  for (const element = elementsOf(bytes); element.next();) {
    if (element.is(ID) || !names.some((name) => element.is(name))) continue
    parts.push(bytes.subarray(copied, element.start))
    copied = element.end
    const next = fresh.find(({ name }) => element.is(name))
    if (next === undefined) continue
    parts.push(next.element)
    next.used = true
  }
  parts.push(bytes.subarray(copied, bytes.length - 1))
  for (const { element, used } of fresh) if (!used) parts.push(element)
  return assemble(parts)
}

/** A document with only the named top-level fields, or with all but these, in the order it has them; all keep their bytes. */
export function picked(raw: Uint8Array, fields: NamesByHash, keep: 'these' | 'others'): Buffer {
  const bytes = asBuffer(raw)
  const parts: Buffer[] = []
  let from = 4
  for (const element = elementsOf(bytes); element.next();) {
    if (element.isOneOf(fields) === (keep === 'these')) continue
    if (element.start > from) parts.push(bytes.subarray(from, element.start))
    from = element.end
  }
  parts.push(bytes.subarray(from, bytes.length - 1))
  return assemble(parts)
}

/** A document without the element that lies between two places. */
export function withoutPart(bytes: Buffer, from: number, to: number): Buffer {
  return assemble([bytes.subarray(4, from), bytes.subarray(to, bytes.length - 1)])
}

/** Takes the documents of the array `field` out of a document: them as slices, and the rest of the document. Undefined without such an array. */
export function takeDocuments(bytes: Buffer, field: Name): { documents: Uint8Array[]; rest: Buffer } | undefined {
  for (const element = elementsOf(bytes); element.next();) {
    if (element.type !== 4 || !element.is(field)) continue
    return { documents: documentsIn(element.value()), rest: withoutPart(bytes, element.start, element.end) }
  }
  return undefined
}

/** The documents of an array's bytes; other values are left out. */
function documentsIn(array: Buffer): Uint8Array[] {
  const out: Uint8Array[] = []
  for (const element = elementsOf(array); element.next();) if (element.type === 3) out.push(element.value())
  return out
}
