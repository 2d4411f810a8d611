import { Int32, Timestamp } from 'bson'
import { compareValues, equalValues } from '../bson/compare.ts'
import { describe } from '../bson/describe.ts'
import { bsonType, clone, isDoc, isNumeric, isTruthy, toNumber, asDoc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { compileFilter } from '../query/compile.ts'
import { isOperatorDoc, prepareFilter } from '../query/filter.ts'
import { parseSort, sortBy } from '../query/sort.ts'
import { arithmetic, bitwise } from './arithmetic.ts'
import type { Place } from './place.ts'

/** Changes one place of a document. `field` is its dotted path and `id` gives the document's _id, for messages. */
export type Modifier = (place: Place, operand: unknown, field: string, id: Id) => void

type Id = () => unknown

function mustBeNumeric(name: string, place: Place, operand: unknown, field: string, id: Id): void {
  const last = field.slice(field.lastIndexOf('.') + 1)
  if (!isNumeric(operand)) {
    fail(
      14,
      `Cannot ${name === '$inc' ? 'increment' : 'multiply'} with non-numeric argument: {${field}: ${describe(operand)}}`,
    )
  }
  if (place.exists && !isNumeric(place.value)) {
    const type = bsonType(place.value)
    fail(
      14,
      `Cannot apply ${name} to a value of non-numeric type. {_id: ${describe(id())}} has the field '${last}' of non-numeric type ${type}`,
    )
  }
}

const inc: Modifier = (place, operand, field, id) => {
  mustBeNumeric('$inc', place, operand, field, id)
  place.set(place.exists ? arithmetic(place.value, operand, 'add') : operand)
}

const mul: Modifier = (place, operand, field, id) => {
  mustBeNumeric('$mul', place, operand, field, id)
  place.set(arithmetic(place.exists ? place.value : new Int32(0), operand, 'multiply'))
}

function extreme(sign: 1 | -1): Modifier {
  return (place, operand) => {
    if (!place.exists || compareValues(operand, place.value) * sign > 0) place.set(clone(operand))
  }
}

const currentDate: Modifier = (place, operand, field) => {
  const type = isDoc(operand) ? operand.$type : isTruthy(operand) ? 'date' : undefined
  if (type === 'date') place.set(new Date())
  else if (type === 'timestamp') place.set(new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 }))
  else
    fail(
      2,
      `The '$type' string field is required to be 'date' or 'timestamp': {$currentDate: {${field} : {$type: 'date'}}}`,
    )
}

function listAt(place: Place, name: string, field: string, id: Id): unknown[] {
  if (!place.exists) return []
  if (Array.isArray(place.value)) return place.value as unknown[]
  const type = bsonType(place.value)
  if (name === '$push')
    return fail(2, `The field '${field}' must be an array but is of type ${type} in document {_id: ${describe(id())}}`)
  return fail(2, `Cannot apply ${name} to non-array field. Field named '${field}' has non-array type ${type}`)
}

function sortedList(list: unknown[], order: unknown): unknown[] {
  const direction = toNumber(order)
  if (direction === undefined) return sortBy(list, parseSort(order), (item) => item)
  return [...list].sort((a, b) => compareValues(a, b) * direction)
}

const PUSH_OPTIONS = new Set(['$each', '$position', '$slice', '$sort'])

const push: Modifier = (place, operand, field, id) => {
  const list = [...listAt(place, '$push', field, id)]
  if (!isDoc(operand) || !('$each' in operand)) {
    list.push(clone(operand))
    return place.set(list)
  }
  const unknown = Object.keys(operand).find((name) => !PUSH_OPTIONS.has(name))
  if (unknown !== undefined) fail(2, `Unrecognized clause in $push: ${unknown}`)
  const each = Array.isArray(operand.$each)
    ? clone(operand.$each as unknown[])
    : fail(2, 'The argument to $each in $push must be an array')
  const position = toNumber(operand.$position) ?? list.length
  list.splice(position < 0 ? Math.max(0, list.length + position) : Math.min(position, list.length), 0, ...each)
  const ordered = operand.$sort === undefined ? list : sortedList(list, operand.$sort)
  const slice = toNumber(operand.$slice)
  place.set(slice === undefined ? ordered : slice < 0 ? ordered.slice(slice) : ordered.slice(0, slice))
}

const addToSet: Modifier = (place, operand, field, id) => {
  const list = [...listAt(place, '$addToSet', field, id)]
  const each = isDoc(operand) && '$each' in operand ? operand.$each : [operand]
  const items: unknown[] = Array.isArray(each) ? each : fail(14, 'The argument to $each in $addToSet must be an array')
  for (const item of items) if (!list.some((other) => equalValues(other, item))) list.push(clone(item))
  if (!place.exists || list.length !== listAt(place, '$addToSet', field, id).length) place.set(list)
}

const pop: Modifier = (place, operand, field, id) => {
  const end = toNumber(operand)
  if (end !== 1 && end !== -1) fail(9, `Expected a number with value 1 or -1 in: ${field}: ${describe(operand)}`)
  if (!place.exists) return
  const list = listAt(place, '$pop', field, id)
  place.set(end === 1 ? list.slice(0, -1) : list.slice(1))
}

function pullTest(operand: unknown): (item: unknown) => boolean {
  if (isOperatorDoc(operand) || bsonType(operand) === 'regex') {
    const test = compileFilter(prepareFilter({ item: operand }))
    return (item) => test({ item: Array.isArray(item) ? [item] : item })
  }
  if (isDoc(operand)) {
    const test = compileFilter(prepareFilter(operand))
    return (item) => isDoc(item) && test(item)
  }
  return (item) => equalValues(item, operand)
}

function removeItems(place: Place, list: unknown[], test: (item: unknown) => boolean): void {
  const kept = list.filter((item) => !test(item))
  if (kept.length !== list.length) place.set(kept)
}

const pull: Modifier = (place, operand, field, id) => {
  if (place.exists) removeItems(place, listAt(place, '$pull', field, id), pullTest(operand))
}

const pullAll: Modifier = (place, operand, field, id) => {
  const gone: unknown[] = Array.isArray(operand)
    ? operand
    : fail(2, `$pullAll requires an array argument but was given a ${bsonType(operand)}`)
  if (place.exists)
    removeItems(place, listAt(place, '$pullAll', field, id), (item) => gone.some((other) => equalValues(item, other)))
}

const bit: Modifier = (place, operand) => {
  const operations = Object.entries(asDoc(operand))
  if (operations.length === 0) fail(2, 'The $bit modifier needs a document like {and: 5}')
  let value: unknown = place.exists ? place.value : new Int32(0)
  for (const [operation, mask] of operations) value = bitwise(value, operation, mask)
  place.set(value)
}

/** Every update operator but $rename and $setOnInsert, and whether it makes a missing field. */
export const MODIFIERS: Readonly<Record<string, { apply: Modifier; creates: boolean }>> = {
  $set: { apply: (place, operand) => place.set(clone(operand)), creates: true },
  $unset: { apply: (place) => place.exists && place.unset(), creates: false },
  $inc: { apply: inc, creates: true },
  $mul: { apply: mul, creates: true },
  $min: { apply: extreme(-1), creates: true },
  $max: { apply: extreme(1), creates: true },
  $currentDate: { apply: currentDate, creates: true },
  $push: { apply: push, creates: true },
  $addToSet: { apply: addToSet, creates: true },
  $pop: { apply: pop, creates: false },
  $pull: { apply: pull, creates: false },
  $pullAll: { apply: pullAll, creates: false },
  $bit: { apply: bit, creates: true },
}
