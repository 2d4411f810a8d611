import { beforeEach, expect, it } from 'vitest'
import { createPieces } from '../../../server/segments/pieces.ts'
import { useMongo } from '../../support/mongo.ts'
import { erasingRooms } from './erasing.ts'

const mongo = useMongo()
let rooms: ReturnType<typeof erasingRooms>

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  rooms = erasingRooms(mongo)
  await mongo.indexes()
})

const reply = (id: string, customerId: string) => ({
  id,
  customerId,
  type: 'customer.replied' as const,
  at: rooms.clock.date(),
  source: 'ingest' as const,
  payload: { via: 'ingest' as const },
})
const person = (value: string) => rooms.engine.profile.ensureCustomer([{ kind: 'user_id', value }])

/** Two customers become one; what follows waits in the queue. */
const meet = async () => {
  const [one, two] = [
    await person('shop-1'),
    await rooms.engine.profile.ensureCustomer([{ kind: 'crm_id', value: 'crm-1' }]),
  ]
  await rooms.engine.tell(reply('r1', one), reply('r2', two))
  const whole = await rooms.engine.profile.ensureCustomer([
    { kind: 'user_id', value: 'shop-1' },
    { kind: 'crm_id', value: 'crm-1' },
  ])
  return { whole, part: whole === one ? two : one }
}

/** What rooms that know no merges keep under a customer's number. */
const plant = async (id: string): Promise<void> => {
  const { collection, clock, vault, newId } = rooms
  const put = (name: string, doc: { _id: string } & Record<string, unknown>) => collection(name).insertOne(doc)
  await put('audit', { _id: newId('audit'), at: clock.date(), by: 'wang', role: 'admin', act: 'customer.seen', subject: `customer:${id}`, detail: {} }) // prettier-ignore
  await put('audit', { _id: newId('audit'), at: clock.date(), by: 'wang', role: 'admin', act: 'merge.decided', subject: 'merge:1', detail: { other: id } }) // prettier-ignore
  await put('dataexports', { _id: 'dex_1', customerId: id, state: 'done' })
  await put('dataexportpieces', { _id: 'dex_1:json:0000', exportId: 'dex_1' })
  await put('segmentexports', { _id: 'exp_1', state: 'done' })
  await createPieces({ mongo: mongo.get(), vault }).write('exp_1', 0, { head: '', rows: [[id, '陈琳']] })
  await put('losses', { _id: `${id}:lina`, userid: 'lina' })
  await put('webhookcalls', { _id: 'call', customerId: id })
  await put('backtests', { _id: 'bkt', state: 'done', examples: [{ customerId: id, text: '陈琳' }] })
  await put('tierTrialMoves', { _id: 'move', customerId: id })
  await put('ruleholds', { _id: `${id}:lina` })
  await put('tasks', { _id: 'alone', key: '1', customerIds: [id], title: '回访' })
  await put('tasks', { _id: 'both', key: '2', customerIds: [id, 'cus_other'], title: '回访两位' })
  await put('ruleruns', { _id: 'run', customerId: id })
  await put('exposures', { _id: 'exposure', customerId: id })
  await put('channel_adds', { _id: 'add', customerId: id })
  await put('intents', { _id: 'int', customerId: id, key: `run:${id}`, state: 'sent', history: [], msgid: 'm' })
  await put('messages', { _id: 'm', customerIds: [id], receivers: 1, preview: '陈琳，你好' })
  await put('sendcounts', { _id: `customer:${id}`, rev: 1, entries: [] })
  await put('transferitems', { _id: 'item', transferId: 'trf', target: 'wm_1' })
}

it('whoever became part of somebody is erased with them from every room, under both numbers', async () => {
  const { whole, part } = await meet()
  await rooms.engine.drain()
  await plant(part)
  const certificate = await rooms.erase(whole)
  expect(await rooms.where(whole, part, '陈琳')).toEqual([])
  expect(await rooms.collection('segmentexportpieces').countDocuments()).toBe(0)
  expect(await rooms.collection('dataexportpieces').countDocuments()).toBe(0)
  expect(certificate.erased.filter(({ count }) => count > 0).map(({ room, what }) => `${room} ${what}`)).toEqual(
    expect.arrayContaining(['audit entries', 'segments files', 'exports exports', 'losses losses', 'rules holds']),
  )
})

it('erased by the number of the part, the whole is erased: they are one', async () => {
  const { whole, part } = await meet()
  await rooms.engine.drain()
  await rooms.erase(part)
  expect(await rooms.where(whole, part, 'shop-1', 'crm-1')).toEqual([])
})

it('erased while their facts still go over, they leave none behind', async () => {
  const { whole, part } = await meet()
  const id = await rooms.ask(whole)
  await rooms.pass(id)
  // The job comes now, and finds nothing to go on with; a message that was on its way is told of under the old number.
  await rooms.facts.append([reply('late', part)])
  await rooms.engine.drain()
  await rooms.pass(id)
  const { erased } = await rooms.privacy.requests.certificate(id)
  expect(erased.find(({ what }) => what === 'facts')?.count).toBeGreaterThanOrEqual(3)
  expect(await rooms.where(whole, part)).toEqual([])
})

it('the copy of their data has what is held under the number of a part too', async () => {
  const { whole, part } = await meet()
  await rooms.engine.drain()
  await plant(part)
  const exportId = await rooms.privacy.requests.askExport({ customerId: whole, reason: '查阅', by: 'wangmin' })
  await rooms.privacy.jobs['privacy.work']({ what: 'export', id: exportId })
  const { bytes } = await rooms.privacy.exports.file(exportId, 'json')
  const text = Buffer.from(bytes).toString('utf8')
  for (const word of ['customer.seen', `${part}:lina`, '"call"', '"move"', '"run"', '"exposure"', '"add"', '"alone"'])
    expect(text).toContain(word)
})
