import { Step, type StepType } from '@zhiyin/shared/rule'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { freshStep, shared, stepKinds, withPercent } from './fresh.ts'

const arms = fc
  .integer({ min: 2, max: 8 })
  .map((count) =>
    shared(Array.from({ length: count }, (_, index) => ({ id: `a${index}`, name: '', percent: 1, next: null }))),
  )

it('makes the arms of a split 100, however one of them is changed', () => {
  fc.assert(
    fc.property(arms, fc.array(fc.tuple(fc.nat(7), fc.integer({ min: -20, max: 140 }))), (start, changes) => {
      const end = changes.reduce((now, [at, percent]) => withPercent(now, at % now.length, percent), start)
      expect(end.reduce((sum, { percent }) => sum + percent, 0)).toBe(100)
      expect(end.every(({ percent }) => percent >= 1 && percent <= 99)).toBe(true)
    }),
  )
})

it('leaves the others alone as far as it can', () => {
  const three = [50, 30, 20].map((percent, index) => ({ id: `a${index}`, name: '', percent, next: null }))
  expect(withPercent(three, 0, 60).map(({ percent }) => percent)).toEqual([60, 20, 20])
  expect(withPercent(three, 1, 70).map(({ percent }) => percent)).toEqual([29, 70, 1])
})

it.each(stepKinds)('begins a step %s that is whole but for what only a person can choose', (kind) => {
  const issues = Step.safeParse(freshStep(kind)).error?.issues.map(({ path }) => path.join('.')) ?? []
  const open: Partial<Record<StepType, string[]>> = {
    send: ['contentId'],
    task: ['title'],
    set_attribute: ['key'],
    notify: ['text'],
    transfer: ['userids'],
    webhook: ['url'],
  }
  expect(issues).toEqual(open[kind] ?? [])
})
