import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import type { NewFact } from '@zhiyin/shared/fact'
import { StageSettings } from '@zhiyin/shared/stage'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import { rfmScheme } from '../../../server/profile/default-scheme.ts'
import { identity } from '../../../server/profile/read.ts'
import type { Definitions } from '../../../server/profile/types.ts'
import { movableClock, type MovableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'

const day = 86_400_000
const mongo = useMongo()

const bought = (count: number, withinDays: number): Condition => ({
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count,
  withinDays,
})
const value: TierScheme = {
  id: 'value',
  name: '价值',
  levels: [
    { key: 'vip', name: 'VIP', tier: 'A' },
    { key: 'plain', name: '普通', tier: 'C' },
  ],
  how: { type: 'value', windowDays: 60, measure: 'spend', mode: 'fixed', limits: [50_000], shares: [] },
  holdDays: 0,
}
const regulars = {
  version: 1,
  id: 'tr_1',
  name: '常客规则',
  tagId: 'tag_regular',
  tag: '常客',
  condition: bought(2, 30),
}
const precious = {
  id: 'seg_1',
  name: '要紧的常客',
  condition: {
    type: 'all',
    of: [
      { type: 'tag', tagId: 'tag_regular', tag: '常客' },
      { type: 'level', schemeId: 'value', in: ['vip'] },
    ],
  } satisfies Condition,
}

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let defined: Partial<Omit<Definitions, 'version'>>
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
})
beforeEach(() => {
  clock = movableClock()
  defined = {
    stages: StageSettings.parse({}),
    schemes: [{ ...rfmScheme(), holdDays: 0 }, value],
    tagRules: [regulars],
    segments: [precious],
  }
  engine = customerEngine(mongo.get(), clock, {}, async () => defined)
})

const person = (): Promise<string> => {
  const who = identity('user_id', `places-${++serial}`)
  return engine.profile.ensureCustomer(who === null ? [] : [who])
}
const ordered = (customerId: string, amount: number, at = clock.date(), orderId = `places-o${++serial}`): NewFact => ({
  id: `order:${orderId}`,
  customerId,
  type: 'order.completed',
  at,
  source: 'ingest',
  payload: { orderId, amount, currency: 'CNY', products: [] },
})
const viewOf = async (id: string) => {
  const view = await engine.read.view(id)
  if (view === null) throw new Error(`no customer ${id}`)
  return view
}
const places = async (id: string) => {
  const { stage, tier, levels, tagIds, segments } = await viewOf(id)
  return {
    stage: stage.stage,
    tier: tier.tier,
    levels: levels.map(({ scheme, level }) => `${scheme}:${level}`),
    tags: tagIds,
    segments: segments.map((one) => one.id).sort(),
  }
}
const told = async (id: string) =>
  (
    await engine.timeline.list(id, {
      types: ['level.changed', 'tag.added', 'tag.removed', 'segment.entered', 'segment.left'],
    })
  )
    .reverse()
    .map(({ type, at }) => [at.getTime(), type])
    .sort()

describe('levels, tags of rules, segments', () => {
  it('follow an event at once, each with a fact, and pass by time at their own moment', async () => {
    const id = await person()
    const first = clock.now()
    await engine.tell(ordered(id, 30_000))
    expect(await places(id)).toMatchObject({ levels: ['rfm:b', 'value:plain'], tags: [], segments: [] })
    clock.advance(5 * day)
    const second = clock.now()
    await engine.tell(ordered(id, 30_000))
    expect(await places(id)).toMatchObject({
      levels: ['rfm:a', 'value:vip'],
      tags: ['tag_regular'],
      segments: ['seg_1'],
    })
    // Nobody looks for two months; everything happened at its own moment all the same.
    clock.advance(90 * day)
    await engine.sweep()
    expect(await places(id)).toMatchObject({ levels: ['rfm:b', 'value:plain'], tags: [], segments: [] })
    expect(await told(id)).toEqual([
      [second, 'level.changed'],
      [second, 'segment.entered'],
      [second, 'tag.added'],
      [first + 30 * day, 'segment.left'],
      [first + 30 * day, 'tag.removed'],
      [first + 60 * day, 'level.changed'],
    ])
  })

  it('a tag that somebody took off is not put on again by a rule', async () => {
    const id = await person()
    await engine.tell(ordered(id, 100), ordered(id, 100))
    expect((await places(id)).tags).toEqual(['tag_regular'])
    const off = { tagId: 'tag_regular', tag: '常客', because: [] }
    await engine.tell({
      id: `off:${id}`,
      customerId: id,
      type: 'tag.removed',
      at: clock.date(),
      source: 'rep',
      payload: off,
    })
    await engine.tell(ordered(id, 100))
    expect((await places(id)).tags).toEqual([])
  })

  it('what is newly defined is worked out for everybody, and nobody is said to have come or gone by it', async () => {
    defined = { ...defined, segments: [] }
    const id = await person()
    await engine.tell(ordered(id, 30_000), ordered(id, 30_000))
    expect((await places(id)).segments).toEqual([])
    defined = { ...defined, segments: [precious, { id: 'seg_2', name: '都是', condition: { type: 'all', of: [] } }] }
    await engine.profile.recompute.want()
    clock.advance(5_000)
    await engine.sweep()
    expect((await places(id)).segments).toEqual(['seg_1', 'seg_2'])
    defined = { ...defined, segments: [{ ...precious, condition: { type: 'tier', in: ['C'] } }] }
    clock.advance(5_000)
    // An event before the recompute has come so far: the same.
    await engine.tell(ordered(id, 100))
    expect((await places(id)).segments).toEqual([])
    expect((await told(id)).filter(([, type]) => type === 'segment.entered' || type === 'segment.left')).toEqual([])
  })
})
