import { elementsOf } from '../bson/elements.ts'
import type { Patch } from './patch.ts'

/** What a patch makes of one field: the new element, and where the old one begins and ends (0 and 0: there is none). */
interface Edit {
  element: Uint8Array | undefined
  start: number
  end: number
}

/** Where each field of a patch lies: its beginning and its end, 0 and 0 where it is missing. */
function placesOf(raw: Buffer, patch: Patch): Int32Array {
  const places = new Int32Array(patch.length * 2)
  let left = patch.length
  for (const element = elementsOf(raw); left > 0 && element.next();) {
    for (let i = 0; i < patch.length; i++) {
      const change = patch[i]
      if (change === undefined || !element.is(change.name)) continue
      places[2 * i] = element.start
      places[2 * i + 1] = element.end
      left--
      break
    }
  }
  return places
}

function isSame(raw: Buffer, { element, start, end }: Edit): boolean {
  if (element === undefined) return start === 0
  return element.length === end - start && raw.compare(element, 0, element.length, start, end) === 0
}

/** The edits that change anything, in the order of the update. */
function editsOf(raw: Buffer, patch: Patch): Edit[] {
  const places = placesOf(raw, patch)
  const edits: Edit[] = []
  patch.forEach(({ make }, i) => {
    const [start = 0, end = 0] = [places[2 * i], places[2 * i + 1]]
    const edit = { element: make(raw, start, end), start, end }
    if (!isSame(raw, edit)) edits.push(edit)
  })
  return edits
}

/** Applies a patch to a stored document: its bytes with the new elements in the old places and new fields at the end; itself if nothing changes. */
export function patched(raw: Buffer, patch: Patch): Buffer {
  const edits = editsOf(raw, patch)
  if (edits.length === 0) return raw
  let size = raw.length
  for (const { element, start, end } of edits) size += (element?.length ?? 0) - (end - start)
  const out = Buffer.allocUnsafe(size)
  out.writeInt32LE(size, 0)
  let [from, at] = [4, 4]
  const put = (bytes: Uint8Array | undefined): void => {
    if (bytes === undefined) return
    out.set(bytes, at)
    at += bytes.length
  }
  for (const { element, start, end } of edits.filter((edit) => edit.start > 0).sort((a, b) => a.start - b.start)) {
    at += raw.copy(out, at, from, start)
    put(element)
    from = end
  }
  at += raw.copy(out, at, from, raw.length - 1)
  for (const { element, start } of edits) if (start === 0) put(element)
  out[at] = 0
  return out
}
