/** A field's name as it is looked for in bytes. */
export interface Name {
  text: string
  bytes: Buffer
  hash: number
}

/** Takes one more byte of a name into its hash. */
export const mixed = (hash: number, byte: number): number => (Math.imul(hash, 31) + byte) | 0

export function nameOf(text: string): Name {
  const bytes = Buffer.from(text)
  return { text, bytes, hash: bytes.reduce(mixed, 0) }
}

const sets = new WeakMap<ReadonlySet<string>, readonly Name[]>()

/** The names of a set, which are made once. */
export function namesOf(fields: ReadonlySet<string>): readonly Name[] {
  const made = sets.get(fields)
  if (made?.length === fields.size) return made
  const names = [...fields].map(nameOf)
  sets.set(fields, names)
  return names
}

/** Names by their hash: of many at once it is told by one look whether a field is among them. */
export type NamesByHash = ReadonlyMap<number, readonly Name[]>

export function namesByHash(fields: readonly string[]): NamesByHash {
  const byHash = new Map<number, Name[]>()
  for (const name of fields.map(nameOf)) byHash.set(name.hash, [...(byHash.get(name.hash) ?? []), name])
  return byHash
}

/** Names met before, by their hash: the names of documents are few, and making a text of bytes costs more than comparing them. */
const SLOTS = 2048
const LONGEST = 64
const known: string[] = Array.from({ length: SLOTS }, () => '')

function spells(text: string, bytes: Buffer, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false
  return true
}

/** The text of a name whose bytes have this hash. */
export function textOf(bytes: Buffer, from: number, to: number, hash: number): string {
  const slot = hash & (SLOTS - 1)
  const guess = known[slot] ?? ''
  if (guess.length === to - from && spells(guess, bytes, from)) return guess
  const text = bytes.toString('utf8', from, to)
  if (text.length < LONGEST) known[slot] = text
  return text
}
