import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { readTyped, write, type Doc } from '../bson/values.ts'
import { compileProjection } from './project.ts'

const name = fc.constantFrom('_id', 'a', 'b', 'c')
const value = fc.oneof(
  fc.constantFrom<unknown>(1, 1.5, 'a', '上海', null, true, new Date(5)),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(name, fc.integer(), { maxKeys: 2 }),
)
const doc = fc.dictionary(name, value)
const spec = fc
  .tuple(
    fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
    fc.boolean(),
    fc.constantFrom<boolean | undefined>(true, false, undefined),
  )
  .map(([fields, keep, id]): Doc => ({
    ...Object.fromEntries(fields.map((field) => [field, keep])),
    ...(id === undefined ? {} : { _id: id }),
  }))

it('whole fields are taken in or out of the bytes as they are of the document', () => {
  fc.assert(
    fc.property(doc, spec, (stored, fields) => {
      const project = compileProjection(fields, {})
      const raw = write(stored)
      if (project?.stored === undefined) expect(project).toBeUndefined()
      else expect(readTyped(project.stored(raw))).toEqual(project.apply(readTyped(raw)))
    }),
  )
})

it('what goes into a field is not done on the bytes', () => {
  for (const fields of [{ 'a.b': 1 }, { a: { $slice: 1 } }, { a: { $elemMatch: { b: 1 } } }, { a: '$b' }, { 'a.b': 0 }])
    expect(compileProjection(fields, {})?.stored).toBeUndefined()
})
