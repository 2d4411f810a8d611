import { afterAll, beforeAll, expect, it } from 'vitest'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { writeKey } from '../../support/http.ts'
import { useMongo } from '../../support/mongo.ts'
import { createIdentitiesRead } from '../../../server/profile/identities/read.ts'
import { serveIngest } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2027-01-05T02:00:00Z'))
let engine: ReturnType<typeof customerEngine>
let server: Awaited<ReturnType<typeof serveIngest>>
let serial = 0

beforeAll(async () => {
  engine = customerEngine(mongo.get(), clock)
  await mongo.indexes()
  server = await serveIngest(mongo.get(), engine, clock)
})
afterAll(() => server.close())

const send = async (...messages: object[]): Promise<void> => {
  for (const message of messages) {
    const response = await fetch(`${server.url}/v1/batch`, {
      method: 'POST',
      body: JSON.stringify({ batch: [message], writeKey }),
    })
    expect(await response.json()).toEqual({ success: true, rejected: [] })
  }
  await engine.drain()
}
const customerBy = (kind: 'user_id' | 'anonymous_id', value: string) => engine.profile.ensureCustomer([{ kind, value }])
/** Those of whom somebody is asked whether they are one. */
const asked = async (id: string): Promise<string[]> => {
  const { items } = await createIdentitiesRead(mongo.get()).reviews({ limit: 50, state: 'open' })
  return items.flatMap(({ customerIds }) => (customerIds.includes(id) ? customerIds.filter((one) => one !== id) : []))
}
const people = () => {
  const n = ++serial
  return { userId: `new-${n}`, previousId: `old-${n}` }
}

it('an alias of a device makes what it did theirs, whichever comes first', async () => {
  for (const late of [false, true]) {
    const { userId, previousId } = people()
    const did = { type: 'track', anonymousId: previousId, event: 'Cart Viewed', messageId: `did-${userId}` }
    const alias = { type: 'alias', userId, previousId }
    await send(...(late ? [alias, did] : [did, alias]))
    expect(await customerBy('anonymous_id', previousId)).toBe(await customerBy('user_id', userId))
    expect(await asked(await customerBy('user_id', userId))).toEqual([])
  }
})

it('an alias of another user is asked about, whichever of the three comes first', async () => {
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [2, 1, 0],
    [0, 2, 1],
  ]) {
    const { userId, previousId } = people()
    const all = [
      { type: 'identify', userId: previousId, traits: { city: '上海' } },
      { type: 'identify', userId, traits: { city: '杭州' } },
      { type: 'alias', userId, previousId },
    ]
    await send(...order.flatMap((i) => all[i] ?? []))
    const [before, now] = [await customerBy('user_id', previousId), await customerBy('user_id', userId)]
    expect(before).not.toBe(now)
    expect(await asked(now), order.join()).toEqual([before])
  }
})
