import { describe } from '../bson/describe.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { isIndex } from '../query/paths.ts'

const MAX_PADDING = 1_500_000

/** Where a value of a document lies: a field of a document or an element of an array. */
export interface Place {
  exists: boolean
  value: unknown
  set(value: unknown): void
  /** Takes a field away; an array element becomes null. */
  unset(): void
}

function fieldPlace(parent: Doc, key: string): Place {
  const exists = Object.hasOwn(parent, key)
  return {
    exists,
    value: exists ? parent[key] : undefined,
    set: (value) => {
      if (key === '__proto__')
        Object.defineProperty(parent, key, { value, writable: true, enumerable: true, configurable: true })
      else parent[key] = value
    },
    unset: () => {
      delete parent[key]
    },
  }
}

function elementPlace(parent: unknown[], index: number): Place {
  return {
    exists: index < parent.length,
    value: parent[index],
    set: (value) => {
      if (index - parent.length > MAX_PADDING) throw new MongoError(2, 'Cannot expand array beyond its limit')
      while (parent.length < index) parent.push(null)
      parent[index] = value
    },
    unset: () => {
      if (index < parent.length) parent[index] = null
    },
  }
}

function notViable(part: string, name: string, value: unknown): MongoError {
  return new MongoError(28, `Cannot create field '${part}' in element {${name}: ${describe(value)}}`)
}

/**
 * Finds the place a concrete path names. With `create`, missing documents on the way are made and a scalar in the way is an error
 * (PathNotViable); without, undefined tells that there is no such place.
 */
export function placeAt(doc: Doc, path: readonly string[], create: boolean): Place | undefined {
  let current: unknown = doc
  let name = ''
  for (let i = 0; i < path.length; i++) {
    const part = path[i] ?? ''
    let place: Place
    if (Array.isArray(current) && isIndex(part)) place = elementPlace(current, Number(part))
    else if (isDoc(current)) place = fieldPlace(current, part)
    else if (create) throw notViable(part, name, current)
    else return undefined
    if (i === path.length - 1) return place
    if (!place.exists) {
      if (!create) return undefined
      const made: Doc = {}
      place.set(made)
      current = made
    } else current = place.value
    name = part
  }
  return undefined
}
