import { nameOf, type Name } from '../bson/names.ts'
import { isPlain } from '../query/paths.ts'
import type { IndexInfo } from './catalog.ts'
import { partialTests, type PartialTest } from './partial.ts'
import { Places, type KeyField } from './places.ts'

/** A part of the indexed paths: a field's name, and what is below it. */
export interface PathNode {
  readonly name: Name
  readonly hash: number
  readonly children: PathNode[]
  /** The number of the path that ends here; -1: none. */
  path: number
  /** The numbers of the paths that end here or below. */
  readonly under: number[]
  /** The document, by its number, in which the field was last met. */
  seen: number
}

/** How the keys of one index are made from stored bytes. */
export interface KeyPlan {
  readonly index: IndexInfo
  /** The numbers of the top-level fields it depends on; undefined where that cannot be told. */
  readonly roots: readonly number[] | undefined
  /** Where to find each field's values; undefined: the documents have to be read. */
  readonly fields: readonly KeyField[] | undefined
  /** What a partial index asks of the document; undefined: nothing, or it is not so simple. */
  readonly partial: readonly PartialTest[] | undefined
}

/** What is worked out once for the indexes of a collection: which fields to look for, and for what. */
export interface WritePlan {
  readonly keys: readonly KeyPlan[]
  /** Where the indexed values lie in the document that goes, and in the one that comes. */
  readonly before: Places
  readonly after: Places
}

function childOf(nodes: PathNode[], part: string): PathNode {
  const known = nodes.find(({ name }) => name.text === part)
  if (known !== undefined) return known
  const name = nameOf(part)
  const made: PathNode = { name, hash: name.hash, children: [], path: -1, under: [], seen: 0 }
  nodes.push(made)
  return made
}

/** Whether an index's keys can be made from bytes: no part of a path may be a position, and no path lie within another. */
function canBeBytes({ fields }: IndexInfo): boolean {
  const names = fields.map(({ field }) => field)
  return (
    fields.every(({ path }) => isPlain(path)) &&
    !names.some((name) => names.some((other) => other.startsWith(`${name}.`)))
  )
}

/** Works out how the keys of some indexes are made. */
export function writePlan(indexes: readonly IndexInfo[]): WritePlan {
  const roots: PathNode[] = []
  let paths = 0
  const pathOf = (parts: readonly string[]): number => {
    let nodes = roots
    const way: PathNode[] = []
    for (const part of parts) {
      const node = childOf(nodes, part)
      way.push(node)
      nodes = node.children
    }
    const last = way.at(-1)
    if (last === undefined) return -1
    if (last.path === -1) {
      last.path = paths++
      for (const node of way) node.under.push(last.path)
    }
    return last.path
  }
  const rootOf = (name: string): number => roots.indexOf(childOf(roots, name))
  const fieldOf = (path: readonly string[], descending: boolean): KeyField => ({
    root: rootOf(path[0] ?? ''),
    path: pathOf(path),
    descending,
  })
  const keys = indexes.map((index): KeyPlan => {
    const fields = canBeBytes(index) ? index.fields.map(({ path, descending }) => fieldOf(path, descending)) : undefined
    const partial = index.partial && partialTests(index.partial.filter, (path) => fieldOf(path, false))
    return { index, roots: index.roots === undefined ? undefined : [...index.roots].map(rootOf), fields, partial }
  })
  return { keys, before: new Places(roots, paths), after: new Places(roots, paths) }
}
