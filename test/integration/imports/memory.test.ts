import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
let room: ImportRoom

setFlagsFromString('--expose-gc')
const gc: unknown = runInNewContext('gc')
const collect = z
  .function({ input: [], output: z.unknown() })
  .implement(() => (typeof gc === 'function' ? gc() : undefined))

/** How much was held at most, garbage apart. */
let most = 0
let batches = 0
const look = (): void => {
  batches += 1
  if (batches % 10 !== 0) return
  collect()
  most = Math.max(most, process.memoryUsage().heapUsed)
}

beforeAll(async () => {
  // The database of the tests is in this process: what it is given to keep is left out, so that only what the room holds is seen.
  room = await importRoom(mongo.get(), movableClock(), {
    ensureCustomers: async (groups) => groups.map((_group, i) => `cus_${i}`),
    known: async (groups) => groups.map(() => true),
    append: async () => look(),
  })
})
afterAll(() => room.close())

/** The same file every time, of any length. */
const fileOf = (rows: number): string => {
  let seed = 42
  const next = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below
  const lines = Array.from(
    { length: rows },
    (_, n) =>
      `C${n},客户${next(1e6)},1${30 + next(60)}${String(next(1e8)).padStart(8, '0')},${1950 + next(60)}-0${1 + next(9)}-1${next(10)},浙江杭州西湖区,"备注,第 ${next(1e9)} 号\n第二行"`,
  )
  return `客户编号,姓名,手机,生日,地区,备注\n${lines.join('\n')}\n`
}

const heapOf = async (rows: number): Promise<number> => {
  const detail = await room.upload('customers', fileOf(rows))
  await room.start(detail)
  most = 0
  collect()
  const before = process.memoryUsage().heapUsed
  expect(await room.run(detail.import.id)).toMatchObject({ state: 'done', counts: { rows, unchanged: 0, rejected: 0 } })
  return most - before
}

it('holds as much of a file of 50,000 rows as of one of 5,000', async () => {
  await heapOf(5_000)
  const small = await heapOf(5_000)
  const large = await heapOf(50_000)
  expect(large - small).toBeLessThan(8 * 1024 * 1024)
}, 60_000)
