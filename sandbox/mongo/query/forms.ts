import { partsWithin, type Fields } from '../bson/raw.ts'
import { readValue } from '../bson/read.ts'
import { asDoc, plainDoc, readPlain, type Doc } from '../bson/values.ts'
import { elementTest, ofValues, type SingleTest, type Test, type ValueTest } from './operators.ts'
import { MISSING, visitLeaves, visitPath } from './paths.ts'
import { rankOfType } from './stored.ts'
import { someElement, storedPath, visitStored, type StoredVisit } from './stored-paths.ts'

/** Compiles the criteria of an $elemMatch: for documents of the same form, and for values that have been read. */
export interface Compile<T> {
  same: (criteria: Doc) => (doc: T) => boolean
  inMemory: (criteria: Doc) => Test
}

/** A form documents come in, and how a filter tests them there. */
export interface Form<T> {
  /** Tests the values a path leads to. */
  field(path: string, test: ValueTest, compile: Compile<T>): (doc: T) => boolean
  /** The plain document an expression sees; `fields` are those it names, undefined: it may name any. */
  plain(doc: T, fields: Fields | undefined): Doc
}

/** Documents in memory, typed or plain. */
export const inMemory: Form<unknown> = {
  field(name, test, compile) {
    const path = name.split('.')
    const wanted = test.negated !== true
    if ('element' in test) {
      const meets = elementTest(test.element, compile.inMemory)
      return (doc) => visitPath(doc, path, (value) => Array.isArray(value) && value.some(meets)) === wanted
    }
    const visit = test.whole === true ? visitPath : visitLeaves
    return (doc) => visit(doc, path, test.passes) === wanted
  },
  plain: (doc) => plainDoc(asDoc(doc)),
}

/** A value as it is stored: its BSON type and where it lies in the bytes. */
export interface Stored {
  bytes: Buffer
  type: number
  at: number
  end: number
}

/** A whole stored document. */
export const storedDocument = (bytes: Buffer): Stored => ({ bytes, type: 0x03, at: 0, end: bytes.length })

/** A test of one value as a test of how it is stored. */
export function storedTest({ passes, ranks, bytes: unread }: SingleTest): StoredVisit {
  return (bytes, type, at, end) => {
    if (ranks !== undefined && !ranks.has(rankOfType(type) ?? 0)) return false
    return unread?.(bytes, type, at, end) ?? passes(type === 0 ? MISSING : readValue(bytes, type, at, end, 'typed'))
  }
}

/** Each element of an array at the end of a path, then the array itself. */
const leaves =
  (passes: StoredVisit): StoredVisit =>
  (bytes, type, at, end) =>
    (type === 0x04 && someElement(bytes, at, end, passes)) || passes(bytes, type, at, end)

function storedElementTest(criteria: Doc, { same, inMemory: ofRead }: Compile<Stored>): StoredVisit {
  if (ofValues(criteria)) {
    const test = elementTest(criteria, ofRead)
    return (bytes, type, at, end) => test(readValue(bytes, type, at, end, 'typed'))
  }
  const test = same(criteria)
  return (bytes, type, at, end) => (type === 0x03 || type === 0x04) && test({ bytes, type, at, end })
}

/** Documents as they are stored, of which only the values asked for are read. */
export const asStored: Form<Stored> = {
  field(name, test, compile) {
    const path = storedPath(name)
    const wanted = test.negated !== true
    const passes = 'element' in test ? storedElementTest(test.element, compile) : storedTest(test)
    const visit: StoredVisit =
      'element' in test
        ? (bytes, type, at, end) => type === 0x04 && someElement(bytes, at, end, passes)
        : test.whole === true
          ? passes
          : leaves(passes)
    return ({ bytes, type, at, end }) => visitStored(bytes, type, at, end, path, visit) === wanted
  },
  plain: ({ bytes, at, end }, fields) =>
    fields === undefined ? readPlain(bytes.subarray(at, end)) : partsWithin(bytes, at + 4, end - 1, fields, 'plain'),
}
