import { beforeEach, expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { useMongo } from '../../support/mongo.ts'
import { erasingRooms } from './erasing.ts'

const mongo = useMongo()
let rooms: ReturnType<typeof erasingRooms>

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  rooms = erasingRooms(mongo)
  await mongo.indexes()
})

/** Somebody who has had two names and two phones. */
const somebody = async (): Promise<string> => {
  const { engine, facts, clock, newId } = rooms
  const id = await engine.profile.ensureCustomer([{ kind: 'user_id', value: 'shop-100' }])
  const told = (traits: Record<string, unknown>): NewFact => {
    clock.advance(60_000)
    const payload = { traits, source: 'ingest' as const }
    return {
      id: newId('fact'),
      customerId: id,
      type: 'profile.identified',
      at: clock.date(),
      source: 'ingest',
      payload,
    }
  }
  await facts.append([told({ name: '林晓雯', phone: '13812345678' })])
  await facts.append([told({ name: '欧阳晓雯', phone: '13900001111' })])
  await engine.drain()
  return id
}

it('why they were erased no longer says who they were, neither on the certificate nor in the audit', async () => {
  const id = await somebody()
  const audit = rooms.collection('audit')
  const asked = { at: rooms.clock.date(), by: 'wang', role: 'admin', act: 'privacy.erasure_asked' }
  const words = '应欧阳晓雯 139 0000 1111 要求'
  await audit.insertOne({ _id: 'a', ...asked, subject: `customer:${id}`, detail: { reason: words, fields: ['phone'] } })
  const certificate = await rooms.erase(id, words)
  expect(certificate.reason).toBe('应**** **** 要求')
  expect(await rooms.where('欧阳晓雯', '139 0000 1111')).toEqual([])
  expect(await audit.findOne({ _id: 'a' })).toMatchObject({
    subject: `erasure:${certificate.id}`,
    detail: { reason: '应**** **** 要求', fields: ['phone'] },
  })
})

it('what they were called and their phone of before are theirs too', async () => {
  const id = await somebody()
  const contents = rooms.collection('talktracks')
  const text = '找林晓雯或 13812345678，欧阳晓雯或 13900001111'
  await contents.insertOne({ _id: 't', title: '', text })
  const { named } = await rooms.erase(id)
  expect(await contents.findOne({ _id: 't' })).toMatchObject({ text: '找林晓雯或 ****，欧阳晓雯或 ****' })
  expect(named).toEqual([{ where: 'talktracks', id: 't' }])
})

it('a message of before that names them as they were called then goes with them', async () => {
  const id = await somebody()
  await rooms.ingest.rejects.keep('/v1/identify', [
    { problem: { zh: '', en: '' }, raw: { traits: { name: '林晓雯', phone: '13812345678' } } },
  ])
  await rooms.erase(id)
  expect(await rooms.where('林晓雯')).toEqual([])
})
