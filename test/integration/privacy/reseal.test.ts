import mongoose from 'mongoose'
import { expect, it } from 'vitest'
import { createResealBytes } from '../../../server/platform/reseal-bytes.ts'
import { createResealDocs } from '../../../server/platform/reseal-docs.ts'
import { useMongo } from '../../support/mongo.ts'
import { testVault } from './vault.ts'

const mongo = useMongo()
const phone = '13812345678'
const texts = () => mongo.get().connection.collection<{ _id: string } & Record<string, unknown>>('testtexts')

it('texts at any depth are sealed with the newest key, also what came in clear; what was emptied stays empty', async () => {
  const [old, both] = [testVault(1), testVault(2, 1)]
  const sealed = old.sealText(`打 ${phone} 找我`)
  await texts().insertMany([
    { _id: 'a', body: { text: sealed, attachments: [{ title: sealed }] }, other: sealed },
    { _id: 'b', body: { text: `电 ${phone}` } },
    { _id: 'c', body: null },
    { _id: 'd', body: { text: '没有号码' } },
  ])
  const seal = createResealDocs(mongo.get().connection, 'testtexts', ['body'], (own) => both.renew(both.sealTexts(own)))
  expect(await seal(null, 2)).toEqual({ after: 'b', looked: 2, changed: 2 })
  expect(await seal('b', 3)).toEqual({ after: null, looked: 2, changed: 0 })
  const [a, b, c] = await texts().find({}).sort({ _id: 1 }).toArray()
  const only = testVault(2)
  expect(JSON.stringify([a?.['body'], b?.['body']])).not.toContain(':k1:')
  expect(JSON.stringify(b)).not.toContain(phone)
  expect(only.open({ of: a?.['body'] })).toEqual({
    of: { text: `打 ${phone} 找我`, attachments: [{ title: `打 ${phone} 找我` }] },
  })
  expect(a?.['other']).toBe(sealed)
  expect(c?.['body']).toBeNull()
})

it('an erasure that was begun with the old key goes on with the new one', async () => {
  const erasures = mongo.get().connection.collection<{ _id: string } & Record<string, unknown>>('testerasures')
  const person = new mongoose.mongo.Binary(testVault(1).sealBytes(Buffer.from('who they are')))
  await erasures.insertMany([
    { _id: 'under way', person },
    { _id: 'done', person: null },
  ])
  const seal = createResealBytes(mongo.get().connection, 'testerasures', testVault(2, 1), 'person')
  expect(await seal(null)).toEqual({ after: null, looked: 2, changed: 1 })
  const found = await erasures.findOne({ _id: 'under way' })
  const kept = found?.['person']
  if (!(kept instanceof mongoose.mongo.Binary)) throw new Error('no bytes')
  const opened = testVault(2).openBytes(kept.buffer.subarray(0, kept.position))
  expect(Buffer.from(opened ?? []).toString()).toBe('who they are')
})

it('a line that comes in while its order is being sealed anew stays, and is sealed with the newest key too', async () => {
  const orders = mongo.get().connection.collection<{ _id: string; lines: object }>('testorders')
  const [old, both, only] = [testVault(1), testVault(2, 1), testVault(2)]
  const line = (row: number) => old.sealTexts({ row, who: [{ kind: 'phone', value: phone }] })
  await orders.insertOne({ _id: 'imp:#1', lines: { 1: line(1) } })
  let looks = 0
  const reseal = createResealDocs(mongo.get().connection, 'testorders', ['lines'], async (own) => {
    looks += 1
    if (looks === 1) await orders.updateOne({ _id: 'imp:#1' }, { $set: { 'lines.2': line(2) } })
    return both.renew(own)
  })
  expect(await reseal(null, 10)).toEqual({ after: null, looked: 1, changed: 1 })
  const found = await orders.findOne({ _id: 'imp:#1' })
  const who = [{ kind: 'phone', value: phone }]
  expect(only.open({ of: found?.lines })).toEqual({ of: { 1: { row: 1, who }, 2: { row: 2, who } } })
  expect(looks).toBe(2)
})
