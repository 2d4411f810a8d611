import { expect, it } from 'vitest'
import { createContents } from '../../../server/content/contents.ts'
import { createMaterials } from '../../../server/content/materials.ts'
import { createCoupons } from '../../../server/coupons/coupons.ts'
import { createIds } from '../../../server/platform/id.ts'
import { compile } from '../../../server/content/template.ts'
import { createTalkTracks } from '../../../server/talk/talk-tracks.ts'
import { TalkTrackInput } from '@zhiyin/shared/talk-track'
import { buildView } from '../../support/sending.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()

const setUp = async () => {
  await mongo.get().connection.dropDatabase()
  const clock = movableClock()
  const base = { mongo: mongo.get(), clock, newId: createIds(clock) }
  const coupons = createCoupons(base)
  const contents = createContents({ ...base, couponOf: coupons.factsOf })
  const names = async (ids: readonly string[]) => new Map(ids.map((id) => [id, `${id}名`]))
  const materials = createMaterials({ clock, zone: 'Asia/Shanghai', contents, fillCoupons: coupons.handOut, names })
  const tracks = createTalkTracks({ ...base, check: async (text) => void compile(text, await contents.catalog()) })
  await mongo.indexes()
  return { clock, coupons, contents, materials, tracks }
}
const view = buildView({ id: 'lin', attrs: [{ k: 'city', v: '杭州' }] })
const write = (title: string, over: Partial<TalkTrackInput> = {}): TalkTrackInput =>
  TalkTrackInput.parse({
    situation: 'greeting',
    title,
    text: `${title}，{{ customer.name }}，我是{{ rep.name }}`,
    ...over,
  })

it('talk tracks come with the customer’s own words: theirs first, then what is used most, none of others', async () => {
  const { tracks, materials } = await setUp()
  const plain = await tracks.create(write('早'), '主管')
  await tracks.create(write('好'), '主管')
  await tracks.create(write('贵宾', { tiers: ['A'] }), '主管')
  await tracks.create(write('沉默贵宾', { tiers: ['A'], stages: ['silent'] }), '主管')
  await tracks.create(write('别人的', { tiers: ['C'] }), '主管')
  await tracks.used(plain._id, 'key-of-one-tap')
  // The same tap told twice.
  await tracks.used(plain._id, 'key-of-one-tap')
  const lines = await tracks.forCustomer(view, (text) => materials.say(text, view, 'lina'))
  expect(lines.map(({ title, fits }) => [title, fits])).toEqual([
    ['沉默贵宾', true],
    ['贵宾', true],
    ['早', false],
    ['好', false],
  ])
  expect(lines[2]?.text).toBe('早，陈琳，我是lina名')
  expect((await tracks.list()).find(({ _id }) => _id === plain._id)).toMatchObject({
    used: 1,
    lastUsedAt: expect.any(Date),
  })
})

it('a wrong one is refused, one that is gone is not found', async () => {
  const { tracks } = await setUp()
  await expect(tracks.create(write('x', { text: '{{ customer.city }}' }), 'm')).rejects.toMatchObject({
    code: 'content.fallback',
  })
  const { _id } = await tracks.create(write('x'), 'm')
  await tracks.remove(_id)
  await expect(tracks.update(_id, write('y'), 'm')).rejects.toMatchObject({ code: 'not_found' })
})

it('materials are the contents that may be sent now, in the customer’s variant; a coupon is taken once for them', async () => {
  const { contents, coupons, materials, clock } = await setUp()
  const { _id: couponId } = await coupons.create({ name: '券', value: '减 10 元', expiresAt: null, lowAt: 0 }, 'm')
  await coupons.add(couponId, 'K-1')
  const body = (text: string) => ({ text, attachments: [] })
  const gone = new Date(clock.now() + 1000).toISOString()
  await contents.create({ name: '过期', body: body('x'), variants: [], expiresAt: gone }, 'm')
  await contents.create(
    {
      name: '杭州',
      body: body('默认'),
      variants: [{ when: { tiers: ['A'] }, body: body('{{ customer.city | default: "您那" }}贵宾') }],
    },
    'm',
  )
  const { id } = await contents.create(
    { name: '发券', folder: '促销', couponId, body: body('码 {{ coupon.code }}'), variants: [] },
    'm',
  )
  clock.advance(2000)
  const found = await materials.forCustomer(view, null, '')
  expect(found.map(({ name, body: { text }, coupon }) => [name, text, coupon])).toEqual([
    ['发券', `码 〔券码 ${couponId}〕`, true],
    ['杭州', '杭州贵宾', false],
  ])
  expect(await materials.forCustomer(view, null, '促销')).toHaveLength(1)
  expect((await materials.ready(view, null, id)).text).toBe('码 K-1')
  expect((await materials.ready(view, null, id)).text).toBe('码 K-1')
  await expect(materials.ready(buildView({ id: 'other' }), null, id)).rejects.toMatchObject({
    code: 'content.no_coupon',
  })
})
