export type Piece = { readonly kind: 'same' | 'added' | 'gone'; readonly text: string }

/** A variable, a word of Latin letters or digits, else one character: what a reader takes in at once. */
const unitsOf = (text: string): string[] => text.match(/\{\{[^}]*\}\}|[A-Za-z0-9]+|[\s\S]/gu) ?? []

const joined = (pieces: readonly Piece[]): Piece[] =>
  pieces.reduce<Piece[]>((list, piece) => {
    const last = list.at(-1)
    return last?.kind === piece.kind
      ? [...list.slice(0, -1), { kind: piece.kind, text: last.text + piece.text }]
      : [...list, piece]
  }, [])

/** How long the longest common subsequence of what is left is, from each pair of places. */
const tableOf = (before: readonly string[], after: readonly string[]): Uint16Array[] => {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1))
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1) {
      const length =
        before[i] === after[j]
          ? (rows[i + 1]?.[j + 1] ?? 0) + 1
          : Math.max(rows[i + 1]?.[j] ?? 0, rows[i]?.[j + 1] ?? 0)
      rows[i]?.fill(length, j, j + 1)
    }
  return rows
}

const middleOf = (before: readonly string[], after: readonly string[]): Piece[] => {
  const rows = tableOf(before, after)
  const pieces: Piece[] = []
  for (let [i, j] = [0, 0]; i < before.length || j < after.length;) {
    const [old, now] = [before[i], after[j]]
    if (old !== undefined && old === now) {
      pieces.push({ kind: 'same', text: old })
      i += 1
      j += 1
    } else if (old !== undefined && (now === undefined || (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) {
      pieces.push({ kind: 'gone', text: old })
      i += 1
    } else if (now !== undefined) {
      pieces.push({ kind: 'added', text: now })
      j += 1
    }
  }
  return pieces
}

/** What was taken out of a text and what was put in, in the order of reading. For texts of some thousand characters. */
export const diffOf = (before: string, after: string): Piece[] => {
  const [a, b] = [unitsOf(before), unitsOf(after)]
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  const same = (units: readonly string[]): Piece[] =>
    units.length === 0 ? [] : [{ kind: 'same', text: units.join('') }]
  return joined([
    ...same(a.slice(0, head)),
    ...middleOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...same(a.slice(a.length - tail)),
  ])
}
