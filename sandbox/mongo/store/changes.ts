import { describe } from '../bson/describe.ts'
import { readFields, readId } from '../bson/raw.ts'
import type { Doc } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import type { Collection, IndexInfo } from './catalog.ts'
import { keyDifference, meetsArray, valuesOf } from './indexKeys.ts'
import { writePlan, type KeyPlan, type WritePlan } from './indexPlan.ts'
import { joined } from './storage.ts'
import { meetsStoredArray, storedDifference } from './storedKeys.ts'

/** An entry of a unique index: its key without the index's number. */
export interface UniqueEntry {
  index: IndexInfo
  key: Buffer
}

/** What one document's change does: `before` undefined for an insert, `after` undefined for a delete. */
export interface Change {
  idKey: Buffer
  before: Buffer | undefined
  after: Buffer | undefined
  /** The entries of indexes that are not unique, as they are stored, which go and come. */
  gone: Buffer[]
  come: Buffer[]
  /** Those of unique indexes. */
  released: UniqueEntry[]
  taken: UniqueEntry[]
  /** The indexes it was worked out for. */
  indexes: readonly IndexInfo[]
}

const plans = new WeakMap<readonly IndexInfo[], WritePlan>()

function planOf(indexes: readonly IndexInfo[]): WritePlan {
  const known = plans.get(indexes)
  if (known !== undefined) return known
  const made = writePlan(indexes)
  plans.set(indexes, made)
  return made
}

/** Whether an update touches an index at all: only when a field it depends on has other bytes. */
function touches({ before, after }: WritePlan, { roots }: KeyPlan): boolean {
  if (roots === undefined) return true
  for (const root of roots) if (before.differs(root, after)) return true
  return false
}

/** Notes the keys that go and come in an index, made from the documents' bytes; false where the documents have to be read. */
function fromBytes(change: Change, { before, after }: WritePlan, plan: KeyPlan): boolean {
  const old = change.before === undefined ? undefined : before
  const fresh = change.after === undefined ? undefined : after
  const difference = storedDifference(plan, old, fresh, change.idKey)
  if (difference === undefined) return false
  const { index } = plan
  if (fresh !== undefined && !index.multikey && meetsStoredArray(plan, fresh)) index.multikey = true
  if (index.unique) {
    for (const at of difference.gone) change.released.push({ index, key: at.subarray(4) })
    for (const at of difference.come) change.taken.push({ index, key: at.subarray(4) })
  } else {
    for (const at of difference.gone) change.gone.push(at)
    for (const at of difference.come) change.come.push(at)
  }
  return true
}

/** The general way to the same, for documents of any kind. */
function fromValues(change: Change, index: IndexInfo): void {
  const { idKey } = change
  const old = change.before === undefined ? undefined : readFields(change.before, index.roots)
  const fresh = change.after === undefined ? undefined : readFields(change.after, index.roots)
  const { gone, come } = keyDifference(index, old, fresh)
  if (fresh !== undefined && !index.multikey && meetsArray(index, fresh)) index.multikey = true
  if (index.unique) {
    for (const key of gone) change.released.push({ index, key })
    for (const key of come) change.taken.push({ index, key })
  } else {
    for (const key of gone) change.gone.push(joined(index.id, key, idKey))
    for (const key of come) change.come.push(joined(index.id, key, idKey))
  }
}

/** Works out which index entries a change removes and adds. Marks indexes that meet an array as multikey. */
export function changeOf(
  coll: Collection,
  idKey: Buffer,
  before: Buffer | undefined,
  after: Buffer | undefined,
): Change {
  const change: Change = { idKey, before, after, gone: [], come: [], released: [], taken: [], indexes: coll.written }
  if (coll.written.length === 0) return change
  const plan = planOf(coll.written)
  if (before !== undefined) plan.before.look(before)
  if (after !== undefined) plan.after.look(after)
  const unsure = (before !== undefined && plan.before.unsure) || (after !== undefined && plan.after.unsure)
  const isUpdate = before !== undefined && after !== undefined
  for (const one of plan.keys) {
    if (isUpdate && !unsure && !touches(plan, one)) continue
    if (unsure || !fromBytes(change, plan, one)) fromValues(change, one.index)
  }
  return change
}

/** MongoDB's duplicate key error, word for word. */
export function duplicateKey(coll: Collection, name: string, keyPattern: Doc, keyValue: Doc): MongoError {
  const message = `E11000 duplicate key error collection: ${coll.ns} index: ${name} dup key: ${describe(keyValue)}`
  return new MongoError(11000, message, [], { keyPattern, keyValue })
}

/** The duplicate key error of an index entry; `raw` is a document that has it. */
export function duplicateEntry(coll: Collection, { index, key }: UniqueEntry, raw: Buffer | undefined): MongoError {
  const values = raw === undefined ? [] : valuesOf(index, readFields(raw, index.roots), key)
  const keyValue: Doc = {}
  index.fields.forEach(({ field }, i) => (keyValue[field] = values[i] ?? null))
  return duplicateKey(coll, index.name, index.key, keyValue)
}

/** The duplicate key error of an _id. */
export function duplicateId(coll: Collection, raw: Buffer): MongoError {
  return duplicateKey(coll, '_id_', { _id: 1 }, { _id: readId(raw) })
}
