import { describe, expect, it } from 'vitest'
import { errorTexts } from '@zhiyin/shared/errors'
import { StageSettings } from '@zhiyin/shared/stage'
import type { TierHow, TierScheme } from '@zhiyin/shared/tier-scheme'
import { AppError } from '../platform/errors.ts'
import { rfmScheme } from '../profile/levels/read.ts'
import type { Definitions } from '../profile/types.ts'
import { checkScheme, refuseAsked, refuseCircle } from './check.ts'
import { templates } from './templates.ts'

const levels: TierScheme['levels'] = [
  { key: 'a', name: '好', tier: 'A' },
  { key: 'b', name: '中', tier: 'B' },
  { key: 'c', name: '差', tier: 'C' },
]
const scheme = (how: TierHow, over: Partial<TierScheme> = {}): TierScheme => ({
  id: 's1',
  name: '试',
  levels,
  how,
  holdDays: 7,
  ...over,
})
const value = (limits: number[], shares: number[] = [], mode: 'fixed' | 'quantile' = 'fixed'): TierHow => ({
  type: 'value',
  windowDays: 365,
  measure: 'spend',
  mode,
  limits,
  shares,
})
const built = rfmScheme()
const rfm = (over: object): TierHow => {
  if (built.how.type !== 'rfm') throw new Error('the default scheme is RFM')
  return { ...built.how, ...over }
}
const table = (rows: Extract<TierHow, { type: 'table' }>['rows'], otherwise = 'c'): TierHow => ({
  type: 'table',
  rows,
  otherwise,
})
const definitions: Definitions = {
  version: 'v',
  stages: StageSettings.parse({}),
  schemes: [built],
  attributes: [],
  tagRules: [],
  tags: { exclusive: [], expiry: {} },
  segments: [{ id: 'seg', name: '人群', condition: { type: 'level', schemeId: 's1', in: ['a'] } }],
  profilingNeedsGrant: false,
}
const unheld = (how: TierHow): TierScheme => scheme(how, { holdDays: 0 })
const stagesTo = (key: string): TierHow => ({
  type: 'lifecycle',
  levels: { potential: key, new: key, active: 'a', mature: 'b', silent: key, lost: key },
})
const codeOf = (work: () => unknown): string | null => {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
const everyone = { type: 'all' as const, of: [] }

describe('a scheme is refused', () => {
  it.each<[string | null, TierScheme]>([
    [null, scheme(value([300, 100]))],
    [null, scheme(rfm({}))],
    [null, unheld(stagesTo('c'))],
    ['scheme.no_hold', scheme(stagesTo('c'))],
    [
      'scheme.no_hold',
      scheme(
        table([
          { level: 'a', condition: everyone },
          { level: 'b', condition: everyone },
        ]),
      ),
    ],
    ['scheme.limit_count', scheme(value([300]))],
    ['scheme.limits_fall', scheme(value([100, 300]))],
    ['scheme.limits_fall', scheme(value([100, 0]))],
    ['scheme.shares', scheme(value([300, 100], [], 'quantile'))],
    ['scheme.shares', scheme(value([300, 100], [0.4, 0.2], 'quantile'))],
    ['scheme.shares', scheme(value([300, 100], [0.4, 1], 'quantile'))],
    // Where most buyers have one order several limits are the same; the best score, or level, that is reached is had.
    [null, scheme(rfm({ frequency: [2, 2, 2, 3] }))],
    [null, scheme(value([200, 200]))],
    ['scheme.limits_rise', scheme(rfm({ frequency: [2, 1, 2, 3] }))],
    ['scheme.limits_rise', scheme(rfm({ recencyDays: [-1, 1, 2, 3] }))],
    ['scheme.beyond_window', scheme(rfm({ windowDays: 90 }))],
    ['scheme.limit_count', scheme(rfm({ sums: [11] }))],
    ['scheme.sums_fall', scheme(rfm({ sums: [7, 11] }))],
    ['scheme.sums_fall', scheme(rfm({ sums: [7, 7] }))],
    ['scheme.level_unknown', unheld(stagesTo('x'))],
    ['scheme.level_unused', unheld(stagesTo('b'))],
    ['scheme.level_unused', unheld(table([{ level: 'a', condition: everyone }]))],
    ['scheme.level_twice', scheme(value([300, 100]), { levels: levels.map((level) => ({ ...level, name: '同' })) })],
    [
      'scheme.asks_unknown',
      unheld(
        table([
          { level: 'a', condition: { type: 'segment', segmentId: 'gone', segment: '没了' } },
          { level: 'b', condition: everyone },
        ]),
      ),
    ],
    [
      'scheme.circle',
      unheld(
        table([
          { level: 'a', condition: { type: 'segment', segmentId: 'seg', segment: '人群' } },
          { level: 'b', condition: everyone },
        ]),
      ),
    ],
  ])('with %s', (code, wanted) => {
    expect(codeOf(() => checkScheme(wanted, definitions))).toBe(code)
    if (code !== null) expect(errorTexts).toHaveProperty([code])
  })

  it('as the primary one where it asks for the tier', () => {
    const asks = unheld(
      table([
        { level: 'a', condition: { type: 'tier', in: ['A'] } },
        { level: 'b', condition: everyone },
      ]),
    )
    expect(codeOf(() => checkScheme(asks, { ...definitions, segments: [] }))).toBeNull()
    expect(codeOf(() => refuseCircle({ ...definitions, segments: [], schemes: [asks, built] }))).toBe('scheme.circle')
  })

  it('to lose a level somebody asks for, not one nobody does', () => {
    const asking = [
      { kind: 'segment', id: 'seg', name: '人群', conditions: [{ type: 'level' as const, schemeId: 's1', in: ['a'] }] },
    ]
    expect(codeOf(() => refuseAsked(scheme(value([2, 1])), ['a'], asking))).toBe('scheme.in_use')
    expect(codeOf(() => refuseAsked(scheme(value([2, 1])), ['b'], asking))).toBeNull()
    expect(codeOf(() => refuseAsked(scheme(value([2, 1])), null, asking))).toBe('scheme.in_use')
  })
})

it.each(['zh', 'en'] as const)('every template is a scheme that works (%s)', async (lang) => {
  const { builtInAttributes } = await import('@zhiyin/shared/built-in-attributes')
  const known = { ...definitions, attributes: builtInAttributes, segments: [] }
  for (const { key, scheme: input } of templates(lang))
    expect([key, codeOf(() => checkScheme({ ...input, id: 'new' }, known))]).toEqual([key, null])
})
