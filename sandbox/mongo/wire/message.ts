import { elementsOf } from '../bson/elements.ts'
import { nameOf } from '../bson/names.ts'
import { takeDocuments } from '../bson/splice.ts'
import { Unwritten } from '../bson/unwritten.ts'
import { readTyped, write, type Doc } from '../bson/values.ts'

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER = 16
const CHECKSUM_PRESENT = 1
const MORE_TO_COME = 2
const EXHAUST_ALLOWED = 1 << 16

/** A request as it came over the wire. */
export interface Message {
  requestId: number
  opcode: number
  body: Doc
  /** The documents of an insert or the statements of an update, unread. */
  documents: Uint8Array[]
  /** The client wants no answer. */
  silent: boolean
  /** The client takes any number of answers, each after the other. */
  stream: boolean
}

/** Thrown for bytes that are no message of the protocol; the connection is then closed. */
export class ProtocolError extends Error {}

/** The lists of documents that are handed over as bytes, by the command they belong to. */
const LISTS = [
  { command: nameOf('insert'), list: nameOf('documents') },
  { command: nameOf('update'), list: nameOf('updates') },
]

type Parsed = Pick<Message, 'body' | 'documents'> & { list: string | undefined }

function commandBody(raw: Buffer): Parsed {
  const first = elementsOf(raw)
  const list = first.next() ? LISTS.find(({ command }) => first.is(command))?.list : undefined
  const taken = list === undefined ? undefined : takeDocuments(raw, list)
  return { body: readTyped(taken?.rest ?? raw), documents: taken?.documents ?? [], list: list?.text }
}

function parseMsg(bytes: Buffer, requestId: number): Message {
  const flags = bytes.readUInt32LE(HEADER)
  const end = (flags & CHECKSUM_PRESENT) === 0 ? bytes.length : bytes.length - 4
  let at = HEADER + 4
  let parsed: Parsed | undefined
  const sequences: { name: string; documents: Uint8Array[] }[] = []
  while (at < end) {
    const kind = bytes[at++]
    const size = bytes.readInt32LE(at)
    if (size < 5 || at + size > end) throw new ProtocolError('A section is longer than its message')
    if (kind === 0) parsed = commandBody(bytes.subarray(at, at + size))
    else if (kind === 1) sequences.push(readSequence(bytes.subarray(at, at + size)))
    else throw new ProtocolError(`Unknown section kind ${String(kind)}`)
    at += size
  }
  if (parsed === undefined) throw new ProtocolError('The message has no body')
  const { body, list } = parsed
  let { documents } = parsed
  for (const sequence of sequences) {
    if (sequence.name === list) documents = sequence.documents
    else body[sequence.name] = sequence.documents.map(readTyped)
  }
  const [silent, stream] = [(flags & MORE_TO_COME) !== 0, (flags & EXHAUST_ALLOWED) !== 0]
  return { requestId, opcode: OP_MSG, silent, stream, body, documents }
}

function readSequence(bytes: Buffer): { name: string; documents: Uint8Array[] } {
  const nameEnd = bytes.indexOf(0, 4)
  const documents: Uint8Array[] = []
  for (let at = nameEnd + 1; at < bytes.length;) {
    const size = bytes.readInt32LE(at)
    if (size < 5 || at + size > bytes.length) throw new ProtocolError('A document is longer than its section')
    documents.push(bytes.subarray(at, at + size))
    at += size
  }
  return { name: bytes.toString('utf8', 4, nameEnd), documents }
}

function parseQuery(bytes: Buffer, requestId: number): Message {
  const nameStart = HEADER + 4
  const nameEnd = bytes.indexOf(0, nameStart)
  const db = bytes.toString('utf8', nameStart, nameEnd).split('.', 1)[0] ?? 'admin'
  const body = readTyped(bytes.subarray(nameEnd + 9))
  return { requestId, opcode: OP_QUERY, body: { ...body, $db: db }, documents: [], silent: false, stream: false }
}

/** Reads one whole message; throws ProtocolError for opcodes and sections that are not spoken here. */
export function parseMessage(bytes: Buffer): Message {
  const requestId = bytes.readInt32LE(4)
  const opcode = bytes.readInt32LE(12)
  if (opcode === OP_MSG) return parseMsg(bytes, requestId)
  if (opcode === OP_QUERY) return parseQuery(bytes, requestId)
  throw new ProtocolError(`Opcode ${opcode} is not supported`)
}

const written = (bytes: Uint8Array): Unwritten => new Unwritten(bytes.length, (out, at) => out.set(bytes, at))

let nextId = 1

/** Frames a reply to a message, in the opcode its sender spoke; `more`: another will come without being asked for. */
export function frameReply(
  message: Pick<Message, 'requestId' | 'opcode'>,
  reply: Doc | Unwritten,
  more = false,
): Buffer {
  const doc = reply instanceof Unwritten ? reply : written(write(reply))
  const modern = message.opcode === OP_MSG
  const start = HEADER + (modern ? 5 : 20)
  const out = Buffer.allocUnsafe(start + doc.length)
  out.fill(0, HEADER, start)
  out.writeInt32LE(out.length, 0)
  out.writeInt32LE((nextId = (nextId + 1) & 0x7fffffff), 4)
  out.writeInt32LE(message.requestId, 8)
  out.writeInt32LE(modern ? OP_MSG : OP_REPLY, 12)
  if (more) out.writeUInt32LE(MORE_TO_COME, HEADER)
  if (!modern) {
    out.writeInt32LE(8, HEADER)
    out.writeInt32LE(1, HEADER + 16)
  }
  doc.writeTo(out, start)
  return out
}
