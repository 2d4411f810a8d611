import { expect, it } from 'vitest'
import { because } from '@zhiyin/shared/because'
import { hour, noon, useMassRooms } from './rooms.ts'

const setUp = useMassRooms()
/** 20:59 in Shanghai, a minute before the quiet hours. */
const evening = new Date(noon.getTime() + 9 * hour - 60_000)
const minute = 60_000

const lateInTheDay = async () => {
  const rooms = await setUp()
  const { limits, clock, customer, platform } = rooms
  limits.quietHours = { from: '21:00', to: '09:00' }
  for (const id of ['a', 'b']) await customer(id)
  clock.set(evening)
  return {
    ...rooms,
    waiting: async () => (await platform.assistant('wang')).filter(({ status }) => status === 'waiting'),
  }
}

it('what WeCom did not accept before the night does not go out again at night', async () => {
  const { platform, outbox, want, settle, later, newest, waiting } = await lateInTheDay()
  await platform.fault('mass', 'cut')
  await outbox.wantMany([want('a'), want('b')])
  await settle()
  expect(await newest('a')).toMatchObject({ state: 'unsure' })
  await later(2 * hour)
  expect(await platform.masses()).toEqual([])
  for (const id of ['a', 'b'])
    expect(await newest(id)).toMatchObject({ state: 'wanted', because: [{ code: 'block.quiet_hours' }] })
  // 09:00 of the next day.
  await later(10 * hour + minute)
  expect(await platform.masses()).toHaveLength(1)
  expect(await waiting()).toMatchObject([{ external_userids: expect.objectContaining({ length: 2 }) }])
})

it('what is taken back at night for somebody who withdrew goes out again to the others in the morning', async () => {
  const { platform, outbox, want, settle, later, newest, waiting, customers } = await lateInTheDay()
  await outbox.wantMany([want('a'), want('b')])
  await settle()
  expect(await waiting()).toHaveLength(1)
  await later(2 * hour)
  const a = customers.get('a')
  if (a !== undefined) customers.set('a', { ...a, consent: 'withdrawn' })
  await outbox.withdraw({ customerId: 'a' }, because('block.consent'))
  await later(1000)
  expect(await waiting()).toEqual([])
  expect(await newest('a')).toMatchObject({ delivery: 'cancelled' })
  expect(await newest('b')).toMatchObject({ state: 'wanted', because: [{ code: 'block.quiet_hours' }] })
  await later(10 * hour + minute)
  expect(await waiting()).toMatchObject([{ external_userids: [customers.get('b')?.externalUserId] }])
  await platform.confirm((await waiting())[0]?.msgid ?? '')
  await later(hour)
  expect(await newest('b')).toMatchObject({ delivery: 'delivered' })
})

it('what is for working days only and was put back on a Friday waits for the Monday', async () => {
  const { platform, outbox, want, clock, settle, later, newest, waiting } = await lateInTheDay()
  // Friday, 6 March, 20:59.
  clock.set(new Date(evening.getTime() + 96 * hour))
  await platform.fault('mass', 'cut')
  await outbox.wantMany([want('a', { days: 'workdays', expiresAt: new Date(clock.now() + 200 * hour) })])
  await settle()
  // Saturday, noon.
  await later(15 * hour)
  expect(await newest('a')).toMatchObject({ state: 'wanted', because: [{ code: 'block.days' }] })
  expect(await waiting()).toEqual([])
  // Monday, noon.
  await later(48 * hour)
  expect(await waiting()).toHaveLength(1)
})
