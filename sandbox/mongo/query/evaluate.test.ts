import * as fc from 'fast-check'
import { evalExpr } from 'mingo/core'
import { expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { options } from './compile.ts'
import { compileOnce } from './evaluate.ts'

const number = fc.integer({ min: -2, max: 4 })
const date = number.map((days) => new Date(days * 86_400_000))
const element = fc.record(
  { n: fc.constantFrom('x', 'y'), at: fc.array(date, { maxLength: 3 }) },
  { requiredKeys: ['n'] },
)
const doc = fc.record(
  {
    a: fc.array(element, { maxLength: 3 }),
    b: fc.record({ c: number }),
    d: date,
    n: number,
    t: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: [] },
)

/** Expressions by what they give: a list of elements, of dates, a number or a date, a truth; `as` is a variable that holds an element. */
const { truth, amount } = fc.letrec<{ list: unknown; dates: unknown; amount: unknown; truth: unknown }>((tie) => ({
  list: fc.oneof(
    { maxDepth: 4 },
    fc.constant('$a'),
    fc
      .record({ op: fc.constant('$filter'), cond: tie('truth') })
      .map(({ cond }) => ({ $filter: { input: '$a', as: 'e', cond } })),
    // Alone: mingo does not let an inner `this` hide an outer one, as MongoDB does.
    fc.constant({ $filter: { input: '$a', cond: { $eq: ['$$this.n', 'x'] } } }),
  ),
  dates: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('$a.at', '$missing'),
    tie('list').map((input) => ({
      $reduce: { input, initialValue: [], in: { $concatArrays: ['$$value', '$$this.at'] } },
    })),
    tie('list').map((input) => ({ $map: { input, as: 'each', in: '$$each.n' } })),
    fc.constantFrom({ $let: { vars: { one: { $first: '$a' } }, in: '$$one.at' } }, [['$d'], '$n']),
  ),
  amount: fc.oneof({ maxDepth: 4 }, fc.constantFrom('$n', '$d', '$b.c', '$t', '$none', '$b.none'), number, date,
    fc.tuple(tie('amount'), number).map(([a, b]) => ({ $add: [a, b] }))), // prettier-ignore
  truth: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(fc.constantFrom('$eq', '$ne', '$gt', '$gte', '$lt', '$lte'), tie('amount'), tie('amount'))
      .map(([op, a, b]) => ({ [op]: [a, b] })),
    fc
      .tuple(fc.constantFrom('$and', '$or'), fc.array(tie('truth'), { maxLength: 3 }))
      .map(([op, of]) => ({ [op]: of })),
    tie('dates').map((input) => ({
      $anyElementTrue: [{ $map: { input, as: 'x', in: { $gt: ['$$x', '$d'] } } }],
    })),
    tie('list').map((list) => ({
      $eq: [{ $let: { vars: { one: { $first: list } }, in: '$$one.n' } }, 'x'],
    })),
  ),
}))

const outcome = (work: () => unknown): unknown => {
  try {
    return work() ?? null
  } catch {
    return 'refused'
  }
}

it('an expression compiled once gives what mingo gives', () => {
  let compiled = 0
  fc.assert(
    fc.property(doc, fc.oneof(truth, amount), (given: Doc, expression) => {
      const once = compileOnce(expression)
      if (once === undefined) return
      compiled++
      expect(outcome(() => once(given))).toEqual(outcome(() => evalExpr(given, expression, options())))
    }),
    { numRuns: 2000 },
  )
  expect(compiled).toBeGreaterThan(1000)
})
