import { expect, it } from 'vitest'
import { createDelays, createPlanned } from '../../../server/outbox/read.ts'
import { day, hour, noon, useMassRooms } from '../mass/rooms.ts'

const setUp = useMassRooms()
const cause = (name: string) => ({ ruleId: `r_${name}`, rule: name, runId: 'run', stepId: 's1' })

it('the send calendar tells by hour what is due, timed and held, and to how many; planned ones come from elsewhere', async () => {
  const { mongo, clock, customer, outbox, want, settle, limits } = await setUp()
  limits.quietHours = { from: '21:00', to: '09:00' }
  for (const id of ['lin', 'chen', 'wu']) await customer(id)
  clock.set(new Date(noon.getTime() + 10 * hour))
  const timed = new Date(noon.getTime() + day)
  await outbox.wantMany([
    want('lin', { key: 'a', cause: cause('夜里') }),
    want('chen', { key: 'b', cause: cause('夜里') }),
    want('wu', { key: 'c', cause: cause('定时'), dueAt: timed }),
  ])
  await settle()
  const planned = createPlanned({ mongo, clock })
  const range = { from: clock.date(), to: new Date(clock.now() + 3 * day) }
  const rows = (await planned({ ...range, scope: null })).toSorted((a, b) => a.at.getTime() - b.at.getTime())
  expect(rows).toEqual([
    {
      at: new Date('2026-03-03T01:00:00Z'),
      rule: { id: 'r_夜里', name: '夜里' },
      channel: 'mass',
      count: 2,
      kind: 'held',
    },
    { at: timed, rule: { id: 'r_定时', name: '定时' }, channel: 'mass', count: 1, kind: 'wanted' },
  ])
  expect(await planned({ ...range, scope: ['lina'] })).toEqual([])
  clock.set(new Date('2026-03-03T02:20:00Z'))
  const now = await planned({ from: new Date('2026-03-02T16:00:00Z'), to: range.to, scope: null })
  expect(now.find(({ rule }) => rule?.name === '夜里')).toMatchObject({ kind: 'due', count: 2 })
})

it('a rep’s delay is from the message to its confirmation: median, 90 %, what expired', async () => {
  const { mongo, clock, customer, outbox, want, settle, platform, later } = await setUp()
  const waits = [1, 2, 3, 10]
  for (const [index, hours] of waits.entries()) {
    await customer(`c${index}`)
    await outbox.wantMany([want(`c${index}`, { key: `k${index}`, cause: cause(`规则${index}`) })])
    await settle()
    const made = (await platform.masses()).at(-1)
    await later(hours * hour)
    await platform.confirm(made?.msgid ?? '')
    await later(hour)
  }
  await customer('never')
  await outbox.wantMany([want('never', { cause: cause('没确认') })])
  await settle()
  await later(73 * hour)
  const delays = createDelays(mongo)
  const [wang, ...others] = await delays({ since: new Date(noon.getTime() - hour), scope: null })
  expect(others).toEqual([])
  expect(wang).toMatchObject({ userid: 'wang', confirmed: 4, expired: 1, waiting: 0 })
  expect((wang?.medianMs ?? 0) / hour).toBeCloseTo(2.5, 1)
  expect((wang?.p90Ms ?? 0) / hour).toBeCloseTo(7.9, 1)
  expect(await delays({ since: clock.date(), scope: null })).toEqual([])
  expect(await delays({ since: noon, scope: ['lina'] })).toEqual([])
})

it('what a task asks to be sent by hand is found for the customer', async () => {
  const { customer, outbox, want, settle, later, sends, tasks } = await setUp()
  await customer('lin')
  const fallback = { other: null, choice: 'task' as const }
  const [asked] = await outbox.wantMany([want('lin', { fallback })])
  await settle()
  expect(await sends.byHandFor('lin')).toEqual([])
  await later(73 * hour)
  expect((await sends.byHandFor('lin')).map(({ id, body }) => [id, body?.text])).toEqual([[asked?._id, '在吗']])
  expect(await tasks.isOpen(`write:${asked?._id}`)).toBe(true)
})
