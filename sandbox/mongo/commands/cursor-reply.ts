import { Long } from 'bson'
import { Unwritten } from '../bson/unwritten.ts'
import { write } from '../bson/values.ts'
import type { Batch } from './cursors.ts'

const HEAD = 4
/** A type, a zero behind the name and a zero behind the value's elements. */
const AROUND = 2
const DOCUMENT = 0x03
const ARRAY = 0x04

const elementsOf = (doc: Uint8Array): Uint8Array => doc.subarray(HEAD, doc.length - 1)
const OK = elementsOf(write({ ok: 1 }))

const digits = (i: number): number => (i < 10 ? 1 : i < 100 ? 2 : i < 1000 ? 3 : String(i).length)

/** Begins an element that holds a document: its type, its name and the document's length. */
function begin(out: Buffer, at: number, type: number, name: string, length: number): number {
  out[at] = type
  const end = at + 1 + out.write(name, at + 1, 'latin1')
  out[end] = 0
  return out.writeInt32LE(length, end + 1)
}

function put(out: Buffer, at: number, bytes: Uint8Array): number {
  out.set(bytes, at)
  return at + bytes.length
}

/** The reply that carries a batch, made from the documents' bytes as they are. */
export function cursorReply({ id, ns, docs }: Batch, field: 'firstBatch' | 'nextBatch'): Unwritten {
  const rest = elementsOf(write({ id: Long.fromBigInt(id), ns }))
  let array = HEAD + 1
  docs.forEach((doc, i) => (array += AROUND + digits(i) + doc.length))
  const cursor = HEAD + AROUND + field.length + array + rest.length + 1
  const length = HEAD + AROUND + 'cursor'.length + cursor + OK.length + 1
  return new Unwritten(length, (out, start) => {
    let at = begin(out, out.writeInt32LE(length, start), DOCUMENT, 'cursor', cursor)
    at = begin(out, at, ARRAY, field, array)
    docs.forEach((doc, i) => {
      out[at] = DOCUMENT
      at += 1 + out.write(String(i), at + 1, 'latin1')
      out[at] = 0
      at = put(out, at + 1, doc)
    })
    for (const after of [rest, OK]) {
      out[at] = 0
      at = put(out, at + 1, after)
    }
    out[at] = 0
  })
}
