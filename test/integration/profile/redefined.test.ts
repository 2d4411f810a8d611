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

const within = (withinDays: number): Condition => ({
  type: 'event',
  of: { event: 'order.completed' },
  op: 'gte',
  count: 1,
  withinDays,
})
const value = (limit: number): TierScheme => ({
  id: 'value',
  name: '价值',
  levels: [
    { key: 'vip', name: 'VIP', tier: 'A' },
    { key: 'plain', name: '普通', tier: 'C' },
  ],
  how: { type: 'value', windowDays: 365, measure: 'spend', mode: 'fixed', limits: [limit], shares: [] },
  holdDays: 0,
})
const onLevel = (level: string): Condition => ({ type: 'level', schemeId: 'value', in: [level] })
const vips = { id: 'seg_vip', name: 'VIP', condition: onLevel('vip') }
const recent = { id: 'seg_recent', name: '近期下单', condition: within(30) }
const schemes = (limit: number): Definitions['schemes'] => [{ ...rfmScheme(), holdDays: 0 }, value(limit)]

let clock: MovableClock
let engine: ReturnType<typeof customerEngine>
let defined: Partial<Omit<Definitions, 'version'>>
let serial = 0

beforeAll(async () => {
  customerEngine(mongo.get(), movableClock())
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  clock = movableClock()
  defined = { stages: StageSettings.parse({}), schemes: schemes(50_000), segments: [vips, recent] }
  engine = customerEngine(mongo.get(), clock, {}, async () => defined)
})

const buyer = async (amount: number): Promise<string> => {
  const who = identity('user_id', `redefined-${++serial}`)
  const id = await engine.profile.ensureCustomer(who === null ? [] : [who])
  await engine.tell(ordered(id, amount))
  return id
}
const ordered = (customerId: string, amount: number): NewFact => ({
  id: `order:redefined-${++serial}`,
  customerId,
  type: 'order.completed',
  at: clock.date(),
  source: 'ingest',
  payload: { orderId: `redefined-${serial}`, amount, currency: 'CNY', products: [] },
})
const segmentsOf = async (id: string): Promise<string[]> =>
  ((await engine.read.view(id))?.segments ?? []).map((one) => one.id).sort()
/** What the rules were shown of comings and goings since it was asked last. */
const shown = () =>
  engine.matched
    .splice(0)
    .flatMap((fact) =>
      fact.type === 'segment.entered' || fact.type === 'segment.left'
        ? [[fact.type.slice(8), fact.payload.segmentId, fact.at.getTime()] as const]
        : [],
    )
/** Everybody is worked out by what is defined now, before the sweep has looked for who is due. */
const workedOut = async (): Promise<void> => {
  await engine.profile.recompute.want()
  clock.advance(3_000)
  await engine.profile.recompute.next(null)
  await engine.drain()
}

describe('when something else is defined', () => {
  it('whom a moved cut of a scheme takes into a segment, or out of it, is told to the rules', async () => {
    const [up, down] = [await buyer(40_000), await buyer(60_000)]
    shown()
    defined = { ...defined, schemes: schemes(30_000) }
    await workedOut()
    expect(await segmentsOf(up)).toEqual(['seg_recent', 'seg_vip'])
    expect(shown()).toEqual([['entered', 'seg_vip', clock.now()]])
    defined = { ...defined, schemes: schemes(100_000) }
    await workedOut()
    expect(await segmentsOf(down)).toEqual(['seg_recent'])
    expect(shown()).toEqual([
      ['left', 'seg_vip', clock.now()],
      ['left', 'seg_vip', clock.now()],
    ])
  })

  it('who is in a new segment has not come, and who is in a changed one neither came nor went', async () => {
    const id = await buyer(40_000)
    shown()
    defined = { ...defined, segments: [recent, { ...vips, condition: onLevel('plain') }] }
    await workedOut()
    expect(await segmentsOf(id)).toEqual(['seg_recent', 'seg_vip'])
    defined = { ...defined, segments: [vips, { id: 'seg_new', name: '新', condition: within(90) }] }
    await workedOut()
    expect(await segmentsOf(id)).toEqual(['seg_new'])
    expect(shown()).toEqual([])
  })

  it('a move that was due before an unrelated change is told at its own moment', async () => {
    const id = await buyer(40_000)
    const at = clock.now()
    shown()
    clock.advance(31 * day)
    defined = { ...defined, stages: StageSettings.parse({ newDays: 7 }) }
    await workedOut()
    expect(await segmentsOf(id)).toEqual([])
    expect(shown()).toEqual([['left', 'seg_recent', at + 30 * day]])
  })

  it('what new settings would have meant before nothing was due is no event of that time', async () => {
    await buyer(40_000)
    engine.matched.splice(0)
    clock.advance(20 * day)
    defined = { ...defined, stages: StageSettings.parse({ silentDays: 10, newDays: 5 }) }
    // The sweep comes before everybody is worked out anew.
    clock.advance(3_000)
    const [customer] = await engine.read.idsAfter(null, 1)
    await engine.profile.due([customer ?? ''])
    await engine.drain()
    const stages = engine.matched.filter(({ type }) => type === 'stage.entered')
    expect(stages.map(({ at }) => at)).toEqual([clock.date()])
  })

  it('an event that takes somebody into a segment made a moment ago is told', async () => {
    const id = await buyer(10_000)
    shown()
    const large = { id: 'seg_new', name: '大单', condition: { type: 'orders', op: 'gte', value: 2 } } as const
    defined = { ...defined, segments: [vips, recent, large] }
    clock.advance(3_000)
    await engine.tell(ordered(id, 1_000))
    expect(shown()).toEqual([['entered', 'seg_new', clock.now()]])
  })

  it('a process that has not seen a change yet tells nothing of it, and neither does the next that has', async () => {
    const id = await buyer(40_000)
    shown()
    const [before, after] = [
      [vips, recent],
      [{ ...vips, condition: onLevel('plain') }, recent],
    ]
    for (const segments of [after, before, after]) {
      defined = { ...defined, segments }
      clock.advance(3_000)
      await engine.tell(ordered(id, 100))
    }
    expect(await segmentsOf(id)).toEqual(['seg_recent', 'seg_vip'])
    expect(shown()).toEqual([])
  })

  it('a segment that is there no more is left by nobody', async () => {
    const id = await buyer(60_000)
    shown()
    defined = { ...defined, segments: [recent] }
    await workedOut()
    expect(await segmentsOf(id)).toEqual(['seg_recent'])
    expect(shown()).toEqual([])
  })
})
