import type { Line } from './lines.ts'

/** What became of one thing a rule says, between two versions. */
export type Change =
  | { readonly kind: 'added' | 'removed'; readonly key: string; readonly name: string; readonly text: string }
  | {
      readonly kind: 'changed'
      readonly key: string
      readonly name: string
      readonly before: string
      readonly after: string
    }

/** What differs between the lines of two versions: as the newer one has them, each removed one where it stood. */
export const changesOf = (before: readonly Line[], after: readonly Line[]): Change[] => {
  const [old, fresh] = [new Map(before.map((line) => [line.key, line])), new Set(after.map(({ key }) => key))]
  const removed = (from: number): Change[] => {
    const end = before.findIndex(({ key }, index) => index >= from && fresh.has(key))
    return before
      .slice(from, end === -1 ? undefined : end)
      .map(({ key, name, text }) => ({ kind: 'removed', key, name, text }))
  }
  const changes = after.flatMap((line): Change[] => {
    const was = old.get(line.key)
    const { key, name, text } = line
    if (was === undefined) return [{ kind: 'added', key, name, text }]
    const gone = removed(before.indexOf(was) + 1)
    if ((was.same ?? was.text) === (line.same ?? line.text)) return gone
    return [{ kind: 'changed', key, name, before: was.text, after: text }, ...gone]
  })
  return [...removed(0), ...changes]
}
