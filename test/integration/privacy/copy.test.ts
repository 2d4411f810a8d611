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

it('the page says of each consent where and when it was given and what proves it, and which doubts there were', async () => {
  const { engine, facts, clock } = rooms
  const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'shop-100' }])
  const at = clock.date()
  const payload = { purpose: 'sharing', state: 'granted', source: 'form', proof: { text: '会员章程第 3 条' } } as const
  await facts.append([{ id: 'agreed', customerId: id, type: 'consent.changed', at, source: 'rep', payload }])
  await engine.drain()
  await rooms.ingest.rejects.keep('/v1/track', [
    { problem: { zh: '缺少 event', en: 'no event' }, raw: { userId: 'shop-100' } },
  ])
  const doubt = {
    customerIds: [id, 'cus_other'],
    identities: ['device:1'],
    state: 'open',
    by: null,
    note: '同一台设备',
    at,
  }
  await rooms.collection('identityConflicts').insertOne({ _id: `${id}:cus_other`, ...doubt })

  const exportId = await rooms.privacy.requests.askExport({ customerId: id, reason: '查阅', by: 'wangmin' })
  await rooms.privacy.jobs['privacy.work']({ what: 'export', id: exportId })
  const read = async (form: 'html' | 'json') =>
    Buffer.from((await rooms.privacy.exports.file(exportId, form)).bytes).toString('utf8')
  const html = await read('html')
  expect(html).toContain('对外提供 <i>Sharing outside</i>')
  expect(html).toContain(`已同意 <i>Given</i> · 表单 <i>Form</i> · ${at.toISOString()} · “会员章程第 3 条”`)
  expect(html).toContain('没有收下的消息')
  for (const text of [html, await read('json')]) {
    for (const word of ['缺少 event', '同一台设备']) expect(text).toContain(word)
    expect(text).not.toContain('cus_other')
  }
})
