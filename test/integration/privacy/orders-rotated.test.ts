import { afterAll, beforeAll, expect, it } from 'vitest'
import { createResealBytes } from '../../../server/platform/reseal-bytes.ts'
import { createResealDocs } from '../../../server/platform/reseal-docs.ts'
import { importRoom, type ImportRoom } from '../imports/room.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from './vault.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
const batchRows = 20
let room: ImportRoom

/** 36 lines of 12 orders, the lines of each far apart. */
const file = [
  '订单号,手机,下单时间,数量,单价',
  ...Array.from({ length: 36 }, (_, n) => `O${n % 12},1380010000${(n % 12) % 9},2025-03-01,1,${1 + (n % 12)}`),
].join('\n')

beforeAll(async () => {
  room = await importRoom(mongo.get(), clock, { batchRows, vault: testVault(1) })
})
afterAll(() => room.close())

it('an import of orders begun with the old key ends with the new one alone', async () => {
  const detail = await room.upload('orders', file)
  await room.start(detail)
  const { id } = detail.import
  // Its process dies when every line is kept and no order written yet.
  let left = 3
  let died = (): void => undefined
  const death = new Promise<void>((resolve) => (died = resolve))
  const real = mongo.get()
  const doomed = room.make({
    mongo: {
      ...real,
      transaction: async (work) => {
        left -= 1
        if (left > 0) return real.transaction(work)
        died()
        return new Promise<never>(() => undefined)
      },
    },
  })
  void doomed.jobs['imports.step']({ importId: id })
  await death
  const rows = real.connection.collection<{ _id: string }>('importorders')
  expect(await rows.countDocuments()).toBe(12)
  expect(JSON.stringify(await rows.find({}).toArray())).toContain(':k1:')

  const both = testVault(2, 1)
  const parts = [
    createResealBytes(real.connection, 'importpieces', both),
    createResealDocs(real.connection, 'importorders', ['lines'], (own) => both.renew(both.sealTexts(own))),
  ]
  for (const part of parts) for (let after = (await part(null, 300)).after; after !== null; ) after = (await part(after, 300)).after // prettier-ignore
  expect(JSON.stringify(await rows.find({}).toArray())).not.toContain(':k1:')

  const alone = room.make({ vault: testVault(2) })
  const imports = real.connection.collection<{ _id: string; state: string }>('imports')
  const found = () => imports.findOne({ _id: id })
  clock.advance(120_000)
  while ((await found())?.state === 'running') await alone.jobs['imports.step']({ importId: id })
  expect(await found()).toMatchObject({ state: 'done', counts: { rows: 36, created: 12, rejected: 0 } })
  await room.engine.drain()
  expect(await rows.countDocuments()).toBe(0)
  const { view } = await room.customer('phone', '13800100008')
  expect(view.orders).toBe(1)
})
