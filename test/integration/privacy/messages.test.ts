import { beforeEach, expect, it } from 'vitest'
import { useMongo } from '../../support/mongo.ts'
import { erasingRooms } from './erasing.ts'

const mongo = useMongo()
let rooms: ReturnType<typeof erasingRooms>

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  rooms = erasingRooms(mongo)
  await mongo.indexes()
})

/** Somebody with a name, a phone and a number of the shop. */
const somebody = async (): Promise<string> => {
  const { engine, facts, clock } = rooms
  const id = await engine.profile.ensureCustomer([
    { kind: 'user_id', value: 'u-100' },
    { kind: 'phone', value: '13812345678' },
  ])
  await facts.append([
    {
      id: 'told',
      customerId: id,
      type: 'profile.identified',
      at: clock.date(),
      source: 'ingest',
      payload: { traits: { name: '欧阳晓雯', phone: '13812345678' }, source: 'ingest' },
    },
  ])
  await engine.drain()
  return id
}
/** Messages that were refused, and one that was not. */
const send = async (): Promise<void> => {
  const problem = { zh: '缺少 userId', en: 'no userId' }
  const raw = (fields: object) => ({ problem, raw: { type: 'identify', ...fields } })
  await rooms.ingest.rejects.keep('/v1/identify', [
    raw({ traits: { name: '欧阳晓雯' } }),
    raw({ traits: { phone: '13812345678' } }),
    raw({ context: { externalIds: [{ id: 'u-100', type: 'crm_id' }] } }),
    raw({ userId: 'u-1001', traits: { name: '陈琳', phone: '13700002222' } }),
  ])
  const said = {
    kind: 'track' as const,
    input: { userId: 'u-7', event: 'Gift Sent', properties: { to: '欧阳晓雯' }, context: {}, integrations: {} },
  }
  rooms.ingest.received.note({ taken: [said], rejected: 0, skipped: 0 })
  await rooms.ingest.received.close()
}

it('messages of shops that were refused for having no id of anybody go with whoever they name', async () => {
  const id = await somebody()
  await send()
  const { erased } = await rooms.erase(id)
  expect(erased).toContainEqual({ room: 'ingest', what: 'rejectedMessages', count: 3 })
  expect(await rooms.where('欧阳晓雯', '"u-100"')).toEqual([])
  expect((await rooms.ingest.rejects.list({ limit: 10 })).items.map(({ who }) => who)).toEqual(['u-1001'])
})

it('the copy of their data has them', async () => {
  const id = await somebody()
  await send()
  const exportId = await rooms.privacy.requests.askExport({ customerId: id, reason: '查阅', by: 'wangmin' })
  await rooms.privacy.jobs['privacy.work']({ what: 'export', id: exportId })
  const { bytes } = await rooms.privacy.exports.file(exportId, 'json')
  const text = Buffer.from(bytes).toString('utf8')
  expect(text.match(/缺少 userId/g)).toHaveLength(3)
  expect(text).not.toContain('陈琳')
})
