import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ImportsDeps } from '../../../server/imports/imports.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
let room: ImportRoom

const wipe = async (): Promise<void> => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
}
beforeAll(async () => {
  room = await importRoom(mongo.get(), clock, { batchRows: 20 })
})
beforeEach(wipe)
afterAll(() => room.close())

/** 53 rows, five of them bad: three batches of 20. */
const people = [
  '客户编号,姓名,城市',
  ...Array.from({ length: 53 }, (_, n) => `C${n},客户${n},${n % 10 === 5 ? '火星' : '杭州'}`),
].join('\n')
/** 36 lines of 12 orders, the lines of each far apart: two batches. */
const orders = [
  '订单号,手机,下单时间,数量,单价',
  ...Array.from(
    { length: 36 },
    (_, n) => `O${n % 12},138001${String(n % 9).padStart(5, '0')},2025-03-01,1,${1 + (n % 12)}`,
  ),
]
  .join('\n')
  // Lines of one order name one customer.
  .replaceAll(/O(\d+),138001\d+/g, (_all, n: string) => `O${n},138001${String(Number(n) % 9).padStart(5, '0')}`)

/** What everybody has come to, without the ids that chance gives. */
const everybody = async (): Promise<string[]> => {
  await room.engine.drain()
  const views = await room.engine.read.scan({}, null, 5000)
  return views.map(({ name, orders: count, spend, attrs }) => JSON.stringify([name, count, spend, attrs])).sort()
}

type Moment = 'transaction' | 'customers' | 'committed'

/** Works until a moment comes for the nth time, where the process is gone without a word: that call never returns. */
const dieAt = async (id: string, moment: Moment, nth: number): Promise<void> => {
  let left = nth
  let died = (): void => undefined
  const death = new Promise<void>((resolve) => (died = resolve))
  const here = async (now: Moment): Promise<void> => {
    if (now !== moment || (left -= 1) > 0) return
    died()
    await new Promise<never>(() => undefined)
  }
  const { engine } = room
  const real = mongo.get()
  const over: Partial<ImportsDeps> = {
    mongo: { ...real, transaction: async (work) => (await here('transaction'), real.transaction(work)) },
    ensureCustomers: async (groups) => {
      const owners = await engine.profile.ensureCustomers(groups)
      await here('customers')
      return owners
    },
    settled: async () => (await here('committed'), true),
  }
  const doomed = room.make(over)
  const worked = (async () => {
    while ((await room.one(id)).state === 'running') await doomed.jobs['imports.step']({ importId: id })
  })()
  await Promise.race([death, worked])
}

const begin = async (kind: 'customers' | 'orders'): Promise<string> => {
  const detail = await room.upload(kind, kind === 'customers' ? people : orders)
  await room.start(detail)
  return detail.import.id
}

describe.each(['customers', 'orders'] as const)('a file of %s whose process dies', (kind) => {
  it('ends as if nothing had happened, wherever that was: the same counts, the same customers', async () => {
    const { counts } = await room.run(await begin(kind))
    expect(counts).toMatchObject(
      kind === 'customers' ? { rows: 53, created: 48, rejected: 5 } : { rows: 36, created: 12, rejected: 0 },
    )
    const expected = await everybody()

    for (const moment of ['transaction', 'customers', 'committed'] as const)
      for (const nth of kind === 'orders' && moment !== 'transaction' ? [1] : [1, 2]) {
        await wipe()
        const id = await begin(kind)
        await dieAt(id, moment, nth)
        expect(await room.one(id), `${moment} ${nth}`).toMatchObject({ state: 'running' })
        // Somebody else may have it once its lease is over; before that nobody.
        await room.room().jobs['imports.step']({ importId: id })
        clock.advance(61_000)
        expect(await room.room().sweep.run(clock.date())).toBe(1)
        expect(await room.run(id), `${moment} ${nth}`).toMatchObject({ state: 'done', counts })
        expect(await everybody(), `${moment} ${nth}`).toEqual(expected)
      }
  })
})

it('pauses after the batch under way, goes on where it was, and cancels', async () => {
  const id = await begin('customers')
  const act = (name: string) => room.call('POST', `/api/imports/${id}/${name}`)
  let batches = 0
  room.anew({
    settled: async () => {
      batches += 1
      if (batches === 1) await act('pause')
      return true
    },
  })
  await room.room().jobs['imports.step']({ importId: id })
  expect(await room.one(id)).toMatchObject({ state: 'paused', counts: { rows: 40 }, secondsLeft: null })
  await room.room().jobs['imports.step']({ importId: id })
  expect((await room.one(id)).counts.rows).toBe(40)
  await act('resume')
  expect(await room.run(id)).toMatchObject({ state: 'done', counts: { rows: 53, created: 48 } })

  const second = await begin('orders')
  await dieAt(second, 'committed', 1)
  await room.call('POST', `/api/imports/${second}/cancel`)
  expect(await mongo.get().connection.collection('importorders').countDocuments({})).toBe(0)
  expect((await room.audits()).map(({ act: name }) => name)).toEqual([
    'import.create',
    'import.start',
    'import.pause',
    'import.resume',
    'import.create',
    'import.start',
    'import.cancel',
  ])
})

it('tries again, ever more slowly, what a store refuses, and pauses itself in the end', async () => {
  const id = await begin('customers')
  const failing = room.make({ known: async () => Promise.reject(new Error('no database')) })
  for (let failures = 1; failures <= 8; failures += 1) {
    await failing.jobs['imports.step']({ importId: id })
    clock.advance(301_000)
  }
  expect(await room.one(id)).toMatchObject({ state: 'paused', problem: { code: 'step' }, counts: { rows: 0 } })
  await room.call('POST', `/api/imports/${id}/resume`)
  expect(await room.run(id)).toMatchObject({ state: 'done', problem: null, counts: { rows: 53 } })
})
