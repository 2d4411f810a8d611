import { describe, expect, it } from 'vitest'
import { say } from '@zhiyin/shared/because'
import { compare, type Setting } from './compare.ts'
import type { Cell } from './figures.ts'

const setting: Setting = {
  kind: 'rule',
  stepId: null,
  goal: { on: 'ordered', withinDays: 14 },
  days: 14,
  base: 'holdout',
  arms: [
    { arm: 'treated', name: null, percent: 80 },
    { arm: 'holdout', name: null, percent: 20 },
  ],
  lift: 0.2,
}
/** `met` of `of` customers of an arm reached the goal, each for ¥100. */
const cells = (arm: string, met: number, of: number): Cell[] => [
  { arm, over: true, met: true, spent: 10_000, customers: met },
  { arm, over: true, met: false, spent: 0, customers: of - met },
]
const only = (list: readonly Cell[], over: Partial<Setting> = {}) => {
  const [lift] = compare(list, { ...setting, ...over }).lifts
  if (lift === undefined) throw new Error('no arm to compare')
  return {
    ...lift,
    zh: lift.words.map((one) => say(one, 'zh', 'Asia/Shanghai')),
    en: lift.words.map((one) => say(one, 'en', 'Asia/Shanghai')),
  }
}

describe('what may be concluded', () => {
  it('nothing to compare with', () => {
    expect(only(cells('treated', 5, 50)).zh).toEqual(['还没有对照客户走完观察期'])
    const arms = [
      { arm: 'treated', name: null, percent: 100 },
      { arm: 'holdout', name: null, percent: 0 },
    ]
    expect(only(cells('treated', 5, 50), { arms }).en).toEqual([
      'No holdout: what the rule brought about cannot be told from what would have happened anyway',
    ])
  })

  it('nobody there yet', () => {
    const found = only([...cells('treated', 0, 50), ...cells('holdout', 0, 20)])
    expect(found).toMatchObject({ verdict: 'nothing_yet', needed: null, missing: null, findable: null })
  })

  it('too early: says how many are missing', () => {
    const found = only([...cells('treated', 84, 800), ...cells('holdout', 20, 200)])
    expect(found).toMatchObject({ verdict: 'not_yet', needed: { base: 2445, arm: 9779 } })
    expect(found.missing).toBe(2445 - 200 + 9779 - 800)
    expect(found.zh[0]).toBe('还看不出差别：还需约 11,224 人')
    expect(found.findable).toBeGreaterThan(0.6)
  })

  it('a first sign is told as one', () => {
    const found = only([...cells('treated', 160, 800), ...cells('holdout', 20, 200)])
    expect(found.verdict).toBe('early_better')
    expect(found.zh[0]).toContain('目前高 100%')
    expect(found.zh[0]).toContain('中途下结论容易看错')
    expect(found.zh[1]).toMatch(/^目前人均多消费 .*样本未满，还不能下结论$/)
    expect(only([...cells('treated', 40, 800), ...cells('holdout', 25, 200)]).verdict).toBe('early_worse')
  })

  it('a result once the sample is there, one way or another', () => {
    const at = (treated: number) => only([...cells('treated', treated, 12_000), ...cells('holdout', 300, 3_000)])
    expect(at(1_500)).toMatchObject({ verdict: 'better', missing: 0 })
    expect(at(1_500).zh[0]).toMatch(/^有效：高 25%（95% 把握在 \d+(\.\d)?% 到 \d+(\.\d)?% 之间）$/)
    expect(at(1_500).zh[1]).toMatch(/^人均多消费 ¥2\.50/)
    expect(at(1_000).verdict).toBe('worse')
    expect(at(1_210)).toMatchObject({ verdict: 'alike' })
    expect(at(1_210).en[0]).toBe(
      'The sample is there and shows no difference; a lift of 20% would have shown in 4 of 5 cases',
    )
  })

  it('without a goal the money alone', () => {
    const found = only([...cells('treated', 160, 800), ...cells('holdout', 20, 200)], { goal: null })
    expect(found).toMatchObject({ points: null, needed: null })
    expect(found.zh[0]).toBe('规则没有目标，只比较消费')
    expect(found.zh[1]).toMatch(/^人均多消费/)
  })
})

it('corrects for several arms: what would pass alone does not among four', () => {
  const arms = ['a', 'b', 'c', 'd', 'e'].map((arm) => ({ arm, name: arm, percent: 20 }))
  const list = [
    ...cells('a', 100, 1000),
    ...cells('b', 129, 1000),
    ...cells('c', 102, 1000),
    ...cells('d', 99, 1000),
    ...cells('e', 98, 1000),
  ]
  const alone = compare(list, { ...setting, base: 'a', arms: arms.slice(0, 2) }).lifts[0]
  const among = compare(list, { ...setting, base: 'a', arms }).lifts[0]
  expect(alone?.chance).toBeLessThan(0.05)
  expect(among?.chance).toBeGreaterThan(0.05)
  expect(among?.points?.within.low).toBeLessThan(0)
  expect(among?.needed?.base).toBeGreaterThan(alone?.needed?.base ?? 0)
})
