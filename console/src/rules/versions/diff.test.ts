import type { RuleInput } from '@zhiyin/shared/rule'
import { describe, expect, it } from 'vitest'
import { buildContent, buildRuleInput } from '../../testing/fixtures.ts'
import { emptyDirectory, namesOf } from '../context.ts'
import { changesOf } from './diff.ts'
import { linesOf } from './lines.ts'

const names = namesOf({ ...emptyDirectory, contents: [buildContent()] }, 'zh')
const rule = buildRuleInput()
const lines = (input: RuleInput) => linesOf(input, names, 'zh', (iso) => iso.slice(0, 10))
const between = (before: RuleInput, after: RuleInput) => changesOf(lines(before), lines(after))
const told = (before: RuleInput, after: RuleInput): string[] =>
  between(before, after).map((change) =>
    change.kind === 'changed'
      ? `${change.name}：${change.before} ⇒ ${change.after}`
      : `${change.kind} ${change.name}：${change.text}`,
  )
const [send, wait, task] = rule.steps
if (send?.type !== 'send' || wait?.type !== 'wait' || task?.type !== 'task')
  throw new Error('another rule than expected')

describe('the difference of two versions', () => {
  it('is nothing between a version and itself', () => {
    expect(between(rule, structuredClone(rule))).toEqual([])
  })

  it('tells steps that were added, taken out and changed, each under its number', () => {
    expect(told(rule, { ...rule, steps: [send, task] })).toEqual(['removed 第 2 步：等 3 天'])
    expect(told({ ...rule, steps: [send, task] }, rule)).toEqual(['added 第 2 步：等 3 天'])
    expect(told(rule, { ...rule, steps: [send, { ...wait, hours: 120 }, task] })).toEqual([
      '第 2 步：等 3 天 ⇒ 等 5 天',
    ])
    expect(told(rule, { ...rule, steps: [{ ...send, expireHours: 24 }, wait, task] })).toEqual([
      expect.stringMatching(/^第 1 步：用企业群发.*3 天未发即作废 ⇒ 用企业群发.*1 天未发即作废$/),
    ])
  })

  it('does not call a step changed because another was put before it', () => {
    const extra = { id: 'extra', type: 'wait', hours: 24 } as const
    expect(told(rule, { ...rule, steps: [extra, ...rule.steps] })).toEqual(['added 第 1 步：等 1 天'])
  })

  it('does not call a step changed because what comes after it was', () => {
    const led = { ...rule, steps: [send, { ...wait, next: task.id }, task] }
    const other = { ...task, title: '发条语音' }
    expect(between(led, { ...led, steps: [...led.steps.slice(0, 2), other] }).map(({ key }) => key)).toEqual([
      `step.${task.id}`,
    ])
    const more = { id: 'more', type: 'exit' } as const
    const ends = { ...rule, steps: [send, wait, { ...task, next: null }] }
    expect(between(ends, { ...ends, steps: [...ends.steps, more] }).map(({ kind }) => kind)).toEqual(['added'])
  })

  it('tells where a way leads now', () => {
    const ends = { ...wait, next: null }
    expect(told(rule, { ...rule, steps: [send, ends, task] })).toEqual(['第 2 步：等 3 天 ⇒ 等 3 天；→ 结束'])
    const until = { id: 'u', type: 'wait_until', until: { type: 'replied' }, hours: 72 } as const
    const one = { ...rule, steps: [send, { ...until, otherwise: null }, task] }
    const other = { ...rule, steps: [send, { ...until, otherwise: task.id }, task] }
    expect(told(one, other)).toEqual([expect.stringMatching(/超时 → 结束 ⇒ .*超时 → 给顾问任务/)])
  })

  it('tells who, the goal, what ends it early and every limit', () => {
    const limits: RuleInput['limits'] = {
      ...rule.limits,
      holdoutPercent: 20,
      reentryDays: 0,
      quietHours: { from: '20:00', to: '10:00' },
      days: 'workdays',
      priority: 80,
      onLoss: 'drop',
      valid: { from: '2026-12-01T00:00:00.000Z', until: null },
      guard: { deletedPercent: 2, atLeast: 50 },
    }
    const changed: RuleInput = {
      ...rule,
      name: '新名字',
      trigger: { type: 'manual' },
      condition: { type: 'all', of: [] },
      goal: null,
      exitOn: [],
      limits,
    }
    expect(between(rule, changed).map(({ key }) => key)).toEqual([
      'name',
      'trigger',
      'condition',
      'goal',
      'exitOn',
      ...['holdout', 'reentry', 'quiet', 'days', 'priority', 'onLoss', 'valid', 'guard'].map((key) => `limits.${key}`),
    ])
    expect(told(rule, changed).at(-1)).toBe('自动暂停：无 ⇒ 一天内删除顾问超过 2%（至少触达 50 人）')
  })

  it('leaves nothing out that differs', () => {
    const added = between({ ...rule, steps: [task] }, rule).filter(({ kind }) => kind === 'added')
    const removed = between(rule, { ...rule, steps: [task] }).filter(({ kind }) => kind === 'removed')
    expect(added.map(({ key }) => key)).toEqual(removed.map(({ key }) => key))
    expect(added).toHaveLength(2)
  })
})
