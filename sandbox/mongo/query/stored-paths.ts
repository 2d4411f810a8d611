import { valueEnd } from '../bson/elements.ts'
import { isIndex } from './paths.ts'

/** A dotted path as it is looked for in stored bytes; `index` is the position in an array a part may name, -1 for none. */
export type StoredPath = readonly { name: Buffer; index: number }[]

/** Is told of a stored value: its type (0: the field is missing) and where it lies. */
export type StoredVisit = (bytes: Buffer, type: number, at: number, end: number) => boolean

export const storedPath = (path: string): StoredPath =>
  path.split('.').map((part) => ({ name: Buffer.from(part), index: isIndex(part) ? Number(part) : -1 }))

/** Where the name of the element at `at` ends. */
function nameEnd(bytes: Buffer, at: number): number {
  let end = at + 1
  while (bytes[end] !== 0) end++
  return end
}

function isNamed(bytes: Buffer, at: number, end: number, name: Buffer): boolean {
  if (end - at - 1 !== name.length) return false
  for (let i = 0; i < name.length; i++) if (bytes[at + 1 + i] !== name[i]) return false
  return true
}

/** Calls `visit` with the elements of an array that lies from `at` to `end`, and with their positions, until it returns true. */
export function someElement(
  bytes: Buffer,
  at: number,
  end: number,
  visit: (bytes: Buffer, type: number, at: number, end: number, position: number) => boolean,
): boolean {
  let position = 0
  for (let element = at + 4; element < end - 1; position++) {
    const type = bytes[element] ?? 0
    const value = nameEnd(bytes, element) + 1
    element = valueEnd(bytes, type, value)
    if (visit(bytes, type, value, element, position)) return true
  }
  return false
}

function inDocument(
  bytes: Buffer,
  at: number,
  end: number,
  path: StoredPath,
  step: number,
  visit: StoredVisit,
): boolean {
  const name = path[step]?.name
  for (let element = at + 4; name !== undefined && element < end - 1;) {
    const type = bytes[element] ?? 0
    const named = nameEnd(bytes, element)
    const next = valueEnd(bytes, type, named + 1)
    if (isNamed(bytes, element, named, name)) return visitStored(bytes, type, named + 1, next, path, visit, step + 1)
    element = next
  }
  return visit(bytes, 0, 0, 0)
}

/** As `visitPath` of documents in memory: the values a path leads to, an array on the way entered, one at its end handed over whole. */
export function visitStored(
  bytes: Buffer,
  type: number,
  at: number,
  end: number,
  path: StoredPath,
  visit: StoredVisit,
  step = 0,
): boolean {
  const part = path[step]
  if (part === undefined) return visit(bytes, type, at, end)
  if (type === 0x03) return inDocument(bytes, at, end, path, step, visit)
  if (type !== 0x04) return visit(bytes, 0, 0, 0)
  const { index } = part
  if (
    index >= 0 &&
    someElement(bytes, at, end, (...[inner, kind, from, to, position]) =>
      position === index ? visitStored(inner, kind, from, to, path, visit, step + 1) : false,
    )
  )
    return true
  return someElement(bytes, at, end, (inner, kind, from, to) =>
    kind === 0x03 ? inDocument(inner, from, to, path, step, visit) : false,
  )
}
