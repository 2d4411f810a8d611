import { elementsOf } from '../bson/elements.ts'
import { isOf, type FieldChange, type Patch } from './patch.ts'

/** New bytes for a field: where they lie, and where the old element begins and ends (0 and 0: there is none). */
interface Edit {
  source: Uint8Array
  from: number
  to: number
  start: number
  end: number
}

const NOTHING: Uint8Array = Buffer.alloc(0)

/** Where each field of a patch lies: its beginning and its end, 0 and 0 where it is missing. */
function placesOf(raw: Buffer, { update, changes }: Patch): number[] {
  const places = changes.flatMap(() => [0, 0])
  let left = changes.length
  for (const element = elementsOf(raw); left > 0 && element.next();) {
    for (let i = 0; i < changes.length; i++) {
      const change = changes[i]
      if (change?.hash !== element.hash || !isOf(element, update, change)) continue
      places[2 * i] = element.start
      places[2 * i + 1] = element.end
      left--
      break
    }
  }
  return places
}

function editOf(raw: Buffer, update: Buffer, change: FieldChange, start: number, end: number): Edit {
  if (change.make === 'set') return { source: update, from: change.start, to: change.end, start, end }
  const source = change.make(raw, start, end) ?? NOTHING
  return { source, from: 0, to: source.length, start, end }
}

const changesNothing = (raw: Buffer, { source, from, to, start, end }: Edit): boolean =>
  to - from === end - start && raw.compare(source, from, to, start, end) === 0

/** The edits that change anything, in the order of the update. */
function editsOf(raw: Buffer, patch: Patch): Edit[] {
  const places = placesOf(raw, patch)
  const edits: Edit[] = []
  patch.changes.forEach((change, i) => {
    const edit = editOf(raw, patch.update, change, places[2 * i] ?? 0, places[2 * i + 1] ?? 0)
    if (!changesNothing(raw, edit)) edits.push(edit)
  })
  return edits
}

/** Applies a patch to a stored document: its bytes with the new elements in the old places and new fields at the end; itself if nothing changes. */
export function patched(raw: Buffer, patch: Patch): Buffer {
  const edits = editsOf(raw, patch)
  if (edits.length === 0) return raw
  let size = raw.length
  for (const { from, to, start, end } of edits) size += to - from - (end - start)
  const out = Buffer.allocUnsafe(size)
  let at = out.writeInt32LE(size, 0)
  let copied = at
  const put = ({ source, from, to }: Edit): void => {
    out.set(source.subarray(from, to), at)
    at += to - from
  }
  for (const edit of edits.filter(({ start }) => start > 0).sort((a, b) => a.start - b.start)) {
    at += raw.copy(out, at, copied, edit.start)
    put(edit)
    copied = edit.end
  }
  at += raw.copy(out, at, copied, raw.length - 1)
  for (const edit of edits) if (edit.start === 0) put(edit)
  out[at] = 0
  return out
}
