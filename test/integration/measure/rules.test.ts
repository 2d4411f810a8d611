import { beforeEach, expect, it } from 'vitest'
import type { Fact } from '@zhiyin/shared/fact'
import { RuleInput } from '@zhiyin/shared/rule'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { buildView, sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const startPlatform = usePlatform()
const noon = new Date('2026-03-02T04:00:00Z')
const day = 86_400_000

const setUp = async () => {
  const clock = movableClock(noon)
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform)
  await mongo.indexes()
  const befriend = async (id: string) => {
    const { externalUserId } = await platform.befriend(id)
    rooms.customers.set(id, buildView({ id, externalUserId }))
  }
  const silent = (customerId: string): Fact => ({
    id: `silent:${customerId}:${clock.now()}`,
    customerId,
    at: clock.date(),
    seenAt: clock.date(),
    source: 'system',
    type: 'stage.entered',
    payload: { from: 'active', to: 'silent', because: [] },
  })
  const { id: contentId } = await rooms.contents.create(
    { name: '召回', body: { text: '好久不见', attachments: [] }, variants: [] },
    'manager',
  )
  const arms = ['a', 'b'].map((id) => ({ id, name: id, percent: 50, next: `s_${id}` }))
  const input = RuleInput.parse({
    name: '召回',
    trigger: { type: 'stage.entered', stages: ['silent'] },
    steps: [
      { id: 'ab', type: 'split', arms },
      { id: 's_a', type: 'send', channel: 'mass', contentId, next: null },
      { id: 's_b', type: 'task', title: '打个电话', next: null },
    ],
    goal: { on: 'ordered', withinDays: 14 },
    limits: { holdoutPercent: 30, reentryDays: 0 },
  })
  const { _id: ruleId } = await rooms.rules.store.create(input, 'manager')
  await rooms.rules.turnOn(ruleId, false, 'manager', 'zh')
  const exposures = mongo.get().connection.collection('exposures')
  const log = (query: object = {}) =>
    exposures
      .find({ ruleId, ...query })
      .sort({ _id: 1 })
      .toArray()
  return { clock, rooms, befriend, silent, contentId, ruleId, log }
}

beforeEach(async () => {
  for (const model of Object.values(mongo.get().connection.models)) await model.deleteMany({})
})

it('a rule writes every entry into the log with its arm, and where a split led, once', async () => {
  const { rooms, befriend, silent, ruleId, log } = await setUp()
  const ids = Array.from({ length: 60 }, (_, i) => `c${i}`)
  for (const id of ids) await befriend(id)
  for (const id of ids) await rooms.rules.match(id, [silent(id)])
  await rooms.settle()
  for (const id of ids) await rooms.rules.match(id, [silent(id)])
  await rooms.settle()

  const entries = await log({ stepId: null })
  expect(entries).toHaveLength(60)
  const held = entries.filter(({ arm }) => arm === 'holdout')
  expect(held.length).toBeGreaterThan(1)
  const led = await log({ stepId: 'ab' })
  expect(led).toHaveLength(60 - held.length)
  expect(new Set(led.map(({ arm }) => arm))).toEqual(new Set(['a', 'b']))
  const sent = led.filter(({ arm }) => arm === 'a').map(({ customerId }) => customerId)
  const intents = await mongo.get().connection.collection('intents').find({ channel: 'mass' }).toArray()
  expect(intents.map(({ customerId }) => customerId).sort()).toEqual(sent.sort())
  const { comparisons } = await rooms.measure.results.measured(ruleId, 1, 0.2)
  expect(comparisons.map(({ kind, arms }) => [kind, ...arms.map(({ open }) => open)])).toEqual([
    ['rule', 60 - held.length, held.length],
    ['split', sent.length, 60 - held.length - sent.length],
  ])
  const tasks = await rooms.tasks.list({ scope: null, state: 'open', limit: 50 })
  expect(tasks.items.filter(({ title }) => title === '打个电话')).toHaveLength(60 - held.length - sent.length)
})

it('whom no rule may reach is left alone by rules, and stopped at the permit where something was wanted all the same', async () => {
  const { clock, rooms, befriend, silent, log, contentId } = await setUp()
  await rooms.measure.seasons.begin('春季', 20)
  const ids = Array.from({ length: 40 }, (_, i) => `c${i}`)
  for (const id of ids) await befriend(id)
  const isOut = await rooms.measure.seasons.heldOut()
  const [out] = ids.filter(isOut)
  if (out === undefined) throw new Error('nobody is held out')
  for (const id of ids) await rooms.rules.match(id, [silent(id)])
  await rooms.settle()
  expect((await log({ arm: 'global_holdout' })).map(({ customerId }) => customerId).sort()).toEqual(
    ids.filter(isOut).sort(),
  )
  const intents = mongo.get().connection.collection('intents')
  expect(await intents.countDocuments({ customerId: { $in: ids.filter(isOut) } })).toBe(0)

  const content = await rooms.contents.get(contentId)
  await rooms.outbox.wantMany([
    {
      key: 'broadcast:1',
      channel: 'mass',
      customerId: out,
      externalUserId: rooms.customers.get(out)?.externalUserId ?? null,
      userid: 'wang',
      body: content.body,
      cause: { broadcastId: 'brd_1' },
      expiresAt: new Date(clock.now() + day),
    },
  ])
  await rooms.settle()
  expect(await intents.findOne({ key: 'broadcast:1' })).toMatchObject({
    state: 'blocked',
    because: [{ code: 'block.global_holdout' }],
  })
  const season = await mongo.get().connection.collection('exposures').find({ ruleId: null }).toArray()
  expect(season).toHaveLength(40)
})
