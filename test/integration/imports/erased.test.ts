import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createImportsPersonal } from '../../../server/imports/personal.ts'
import type { Person } from '../../../server/privacy/types.ts'
import { erasedId } from '../../../server/profile/read.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from '../privacy/vault.ts'
import { importRoom, type ImportRoom } from './room.ts'

const mongo = useMongo()
const clock = movableClock(new Date('2026-03-02T02:00:00Z'))
let room: ImportRoom

beforeAll(async () => {
  room = await importRoom(mongo.get(), clock)
})
beforeEach(async () => {
  for (const name of ['imports', 'importpieces', 'importrejects', 'importorders', 'importmappings'])
    await mongo.get().connection.collection(name).deleteMany({})
})
afterAll(() => room.close())

const person: Person = {
  customerId: 'cus_gone',
  ids: ['cus_gone'],
  keys: ['crm_id:1002', 'user_id:u-9'],
  externalUserIds: [],
  contacts: [],
  userids: [],
  names: [],
  indexes: [],
}
const personal = () => createImportsPersonal({ mongo: mongo.get(), vault: testVault() })
const pieces = () => mongo.get().connection.collection('importpieces').countDocuments()

it('a rejected row that says no more than the number of somebody erased goes; numbers that merely contain it stay', async () => {
  const { id } = await room.take('customers', '客户编号,生日\n1002,不是日期\n10023,不是日期\n7,不是日期\n')
  expect(await room.rejected(id)).toHaveLength(3)
  expect(await personal().forget(person)).toMatchObject({ rejectedRows: 1 })
  expect((await room.rejected(id)).map(({ cells }) => cells[0])).toEqual(['10023', '7'])
})

it('the file of an import under way is deleted when that is over; what it says of whoever was erased is kept by nobody', async () => {
  const detail = await room.upload('customers', Buffer.from('客户编号,姓名\n1002,欧阳晓雯\n7,陈琳\n'))
  await personal().forget(person)
  expect(await pieces()).toBeGreaterThan(0)
  room.anew({
    ensureCustomers: async (groups) =>
      (await room.engine.profile.ensureCustomers(groups)).map((owner, i) =>
        groups[i]?.some(({ value }) => value === '1002') === true ? erasedId : owner,
      ),
  })
  await room.start(detail)
  expect(await room.run(detail.import.id)).toMatchObject({ state: 'done', counts: { rejected: 1 } })
  room.anew()
  await room.room().sweep.run(clock.date())
  expect(await pieces()).toBe(0)
  const [row] = await room.rejected(detail.import.id)
  expect(row).toMatchObject({ row: 2, problems: [{ problem: { code: 'row.erased' } }] })
  expect(JSON.stringify(await mongo.get().connection.collection('importrejects').find({}).toArray())).not.toContain(
    '欧阳晓雯',
  )
})
