import { expect, it } from 'vitest'
import { createCoupons } from '../../../server/coupons/coupons.ts'
import { createContents } from '../../../server/content/contents.ts'
import { varsOf, whoOf } from '../../../server/content/read.ts'
import { createIds } from '../../../server/platform/id.ts'
import { buildView } from '../../support/sending.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()

const setUp = async (codes: string, over: { expiresAt?: string; lowAt?: number } = {}) => {
  await mongo.get().connection.dropDatabase()
  const clock = movableClock()
  const make = () => createCoupons({ mongo: mongo.get(), clock, newId: createIds(clock) })
  const coupons = make()
  await mongo.indexes()
  const { _id } = await coupons.create(
    { name: '60 元券', value: '满 300 减 60', expiresAt: null, lowAt: 2, ...over },
    '主管',
  )
  const taken = await coupons.add(_id, codes)
  const contents = createContents({ mongo: mongo.get(), clock, newId: createIds(clock), couponOf: coupons.factsOf })
  const content = await contents.create(
    {
      name: '发券',
      couponId: _id,
      variants: [],
      body: {
        text: '{{ customer.name }}，您的券 {{ coupon.code }}（{{ coupon.value }}）',
        attachments: [
          { type: 'link', title: '去用券', desc: '券码 {{ coupon.code }}', url: 'https://shop.example.com/' },
        ],
      },
    },
    '主管',
  )
  const wish = async (key: string) => {
    const view = buildView({ id: key })
    const rendered = await contents.render(content.id, whoOf(view), varsOf(view, '王敏', clock.date()))
    if (rendered === null) throw new Error('nothing rendered')
    return { key, body: rendered.body, expiresAt: new Date(clock.now() + 1e9) }
  }
  return { clock, make, coupons, batch: _id, taken, wish }
}
const codesOf = (filled: readonly { body: { text: string } }[]) =>
  filled.map(({ body }) => /您的券 (\S+)（满 300 减 60）/.exec(body.text)?.[1])

it('reads codes pasted or from a CSV file, each once', async () => {
  const { taken, coupons, batch } = await setUp('\uFEFF券码,备注\r\nA-1,甲\r\n"A-2",乙\n\nA-1\n有 汉字\nA-3')
  expect(taken).toEqual({ added: 3, known: 1, wrong: [{ line: 6, text: '有 汉字' }] })
  expect(await coupons.add(batch, 'A-3\nA-4')).toEqual({ added: 1, known: 1, wrong: [] })
  expect(await coupons.get(batch)).toMatchObject({ total: 4, left: 4, expired: false })
})

it('takes one code a send, in the order they came, the same again at a repeat, and none for what is only rendered', async () => {
  const { coupons, batch, wish } = await setUp('A-1\nA-2\nA-3')
  await wish('looked-at')
  expect(await coupons.get(batch)).toMatchObject({ left: 3 })
  const first = await coupons.handOut([await wish('one')])
  expect(codesOf(first)).toEqual(['A-1'])
  expect(first[0]?.body.attachments).toMatchObject([{ desc: '券码 A-1' }])
  expect(codesOf(await coupons.handOut([await wish('two'), await wish('one')]))).toEqual(['A-2', 'A-1'])
  expect(await coupons.get(batch)).toMatchObject({ left: 1, total: 3 })
})

it('gives every send a code of its own when many processes ask at once, and the same send the same', async () => {
  const all = Array.from({ length: 60 }, (_, index) => `C-${String(index).padStart(3, '0')}`)
  const { make, wish, coupons, batch } = await setUp(all.join('\n'))
  const wishes = await Promise.all(Array.from({ length: 40 }, (_, index) => wish(`send-${index}`)))
  const answers = await Promise.all([make(), make(), make()].map((each) => each.handOut(wishes)))
  const [one = [], ...others] = answers.map(codesOf)
  expect(new Set(one).size).toBe(40)
  for (const other of others) expect(other).toEqual(one)
  expect(await coupons.get(batch)).toMatchObject({ left: 20 })
})

it('refuses with the reason when none are left or the batch has expired; a send that has its code keeps it', async () => {
  const { coupons, clock, wish, batch } = await setUp('A-1', { expiresAt: '2027-01-01T00:00:00.000Z' })
  const [got, none] = await coupons.handOut([await wish('one'), await wish('two')])
  expect(got).not.toHaveProperty('refusal')
  expect(none).toMatchObject({ refusal: { code: 'block.coupon_none', params: { batch: '60 元券' } } })
  // What is refused for another reason takes none.
  await coupons.add(batch, 'A-2')
  const refused = { ...(await wish('three')), refusal: { code: 'block.no_rep' as const, params: {} } }
  expect(await coupons.handOut([refused])).toEqual([refused])
  expect(await coupons.get(batch)).toMatchObject({ left: 1 })
  clock.advance(Date.parse('2027-01-01T00:00:00Z') - clock.now())
  expect(await coupons.handOut([await wish('four')])).toMatchObject([{ refusal: { code: 'block.coupon_expired' } }])
})
