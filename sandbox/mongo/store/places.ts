import { Elements } from '../bson/elements.ts'
import { NO_VALUE } from '../bson/storedKey.ts'
import type { PathNode } from './indexPlan.ts'
import { Spots } from './spots.ts'

const ARRAY = 0x04
const DOCUMENT = 0x03
const NULL = 0x0a
const DOLLAR = 0x24
const SLOTS = 256

const EMPTY: Buffer = Buffer.alloc(0)
const NONE = new Spots()
/** Numbers the documents walked over, so that a field met twice is noticed. */
let documents = 0

/** A field of an index: the numbers of its path and of the top-level field that begins with, and whether its values are turned round. */
export interface KeyField {
  readonly root: number
  readonly path: number
  readonly descending: boolean
}

/**
 * Where the indexed values of one document lie in its bytes: the values `keyValues` finds in a document that was read, without reading it.
 * A document of an unusual kind (a name twice, names that begin with a dollar) is `unsure`: it has to be read.
 */
export class Places {
  bytes: Buffer = EMPTY
  unsure = false
  private readonly roots: readonly PathNode[]
  private readonly spots: readonly Spots[]
  private readonly types: Int32Array
  private readonly starts: Int32Array
  private readonly ends: Int32Array
  private readonly followed: Uint8Array
  /** Whether any top-level field looked for has such a hash, by its low bits. */
  private readonly maybe = new Uint8Array(SLOTS)
  /** The number of the array's element that is gone through. */
  private element = 0

  constructor(roots: readonly PathNode[], paths: number) {
    this.roots = roots
    this.spots = Array.from({ length: paths }, () => new Spots())
    this.types = new Int32Array(roots.length)
    this.starts = new Int32Array(roots.length)
    this.ends = new Int32Array(roots.length)
    this.followed = new Uint8Array(roots.length)
    for (const { hash } of roots) this.maybe[hash & (SLOTS - 1)] = 1
  }

  /** Finds the top-level fields of a document. */
  look(bytes: Buffer): void {
    this.bytes = bytes
    this.unsure = false
    this.starts.fill(0)
    this.followed.fill(0)
    this.walk(4, bytes.length - 1, this.roots, true)
  }

  /** Whether a top-level field has other bytes than in another document, or is in one of them only. */
  differs(root: number, other: Places): boolean {
    const start = this.starts[root] ?? 0
    const otherStart = other.starts[root] ?? 0
    if (start === 0 || otherStart === 0) return start !== otherStart
    const end = this.ends[root] ?? 0
    const otherEnd = other.ends[root] ?? 0
    if (this.types[root] !== other.types[root] || end - start !== otherEnd - otherStart) return true
    return this.bytes.compare(other.bytes, otherStart, otherEnd, start, end) !== 0
  }

  /** The values of an index's field. */
  of({ root, path }: KeyField): Spots {
    if (this.followed[root] === 0) this.followRoot(root)
    return this.spots[path] ?? NONE
  }

  private followRoot(root: number): void {
    this.followed[root] = 1
    const node = this.roots[root]
    if (node === undefined) return
    for (const path of node.under) this.spots[path]?.clear()
    this.element = 0
    const start = this.starts[root] ?? 0
    if (start === 0) this.miss(node)
    else this.follow(node, this.types[root] ?? 0, start, this.ends[root] ?? 0)
    for (const path of node.under) if (this.spots[path]?.count === 0) this.spots[path].add(NULL, 0, 0, 0)
  }

  /** Finds the fields of the document between two places; at the top they are noted, below they are followed at once. */
  private walk(from: number, end: number, nodes: readonly PathNode[], top: boolean): void {
    const document = ++documents
    for (const element = new Elements(this.bytes, from, end); element.next();) {
      if (top && this.maybe[element.hash & (SLOTS - 1)] === 0) continue
      if (!top && this.bytes[element.start + 1] === DOLLAR) this.unsure = true
      for (let i = 0; i < nodes.length; i++) {
        const node = nodes[i]
        if (node?.hash !== element.hash || !element.is(node.name)) continue
        if (node.seen === document) this.unsure = true
        node.seen = document
        if (top) {
          this.types[i] = element.type
          this.starts[i] = element.nameEnd + 1
          this.ends[i] = element.end
        } else this.follow(node, element.type, element.nameEnd + 1, element.end)
        break
      }
    }
    if (!top) for (const node of nodes) if (node.seen !== document) this.miss(node)
  }

  /** No value for a field and all below it. */
  private miss({ under }: PathNode): void {
    for (const path of under) this.spots[path]?.add(NULL, 0, 0, this.element)
  }

  private follow(node: PathNode, type: number, start: number, end: number): void {
    const { path, children } = node
    if (path !== -1) this.arrive(this.spots[path] ?? NONE, type, start, end)
    if (children.length === 0) return
    if (type === DOCUMENT) this.walk(start + 4, end - 1, children, false)
    else if (type === ARRAY) this.enter(children, start, end)
    else for (const child of children) this.miss(child)
  }

  /** The end of a path: its value, or each element of its array. */
  private arrive(spots: Spots, type: number, start: number, end: number): void {
    spots.present = true
    if (type !== ARRAY) return spots.add(type, start, end, this.element)
    if (spots.array === 0) spots.array = start
    else spots.nested = true
    const before = spots.count
    for (const item = new Elements(this.bytes, start + 4, end - 1); item.next();)
      spots.add(item.type, item.nameEnd + 1, item.end, this.element)
    if (spots.count === before) spots.add(NO_VALUE, 0, 0, this.element)
  }

  /** An array on the way: each document in it is gone into. */
  private enter(children: readonly PathNode[], start: number, end: number): void {
    const within = this.element
    for (const { under } of children) for (const path of under) this.pass(this.spots[path] ?? NONE, start)
    this.element = 0
    for (const item = new Elements(this.bytes, start + 4, end - 1); item.next(); this.element++) {
      if (item.type === DOCUMENT) this.walk(item.nameEnd + 5, item.end - 1, children, false)
      else for (const { under } of children) for (const path of under) this.tear(path)
    }
    this.element = within
  }

  private pass(spots: Spots, array: number): void {
    if (spots.array === 0) spots.array = array
    else spots.torn = true
  }

  private tear(path: number): void {
    const spots = this.spots[path]
    if (spots !== undefined) spots.torn = true
  }
}
