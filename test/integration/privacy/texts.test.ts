import { expect, it } from 'vitest'
import { createContents } from '../../../server/content/contents.ts'
import { varsOf } from '../../../server/content/vars.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createTexts } from '../../../server/privacy/texts.ts'
import { createTitles } from '../../../server/privacy/written.ts'
import type { Person } from '../../../server/privacy/types.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { buildView } from '../../support/sending.ts'

const mongo = useMongo()
const phone = '13900001111'
const person = (over: Partial<Person>): Person => ({
  customerId: 'cus_gone',
  ids: ['cus_gone'],
  keys: [],
  externalUserIds: [],
  contacts: [phone],
  userids: [],
  names: ['欧阳晓雯'],
  indexes: [],
  ...over,
})

const setUp = async () => {
  await mongo.get().connection.dropDatabase()
  const clock = movableClock()
  const contents = createContents({ mongo: mongo.get(), clock, newId: createIds(clock) })
  const write = (text: string, name = '上新') => ({ name, body: { text, attachments: [] }, variants: [] })
  const texts = createTexts(mongo.get().connection)
  const versions = async (id: string) => (await contents.versions(id)).map(({ body }) => body.text)
  const sent = async (id: string) => {
    const view = buildView({ id: 'c1' })
    const who = { tier: view.tier.tier, stage: view.stage.stage, segmentIds: [] }
    return (await contents.render(id, who, varsOf(view, null, clock.date())))?.body.text
  }
  return { clock, contents, write, texts, versions, sent }
}

it('a phone goes from every version, also from the one that is sent at this moment; done again there is nothing more', async () => {
  const { contents, write, texts, versions, sent } = await setUp()
  const { id } = await contents.create(write(`旧的：${phone}`), 'wang')
  await contents.update(id, write('新的：139-0000-1111', `问 ${phone}`), 'wang')
  expect(await sent(id)).toBe('新的：139-0000-1111')
  expect(await texts.holding.forget(person({}))).toEqual({ masked: 3 })
  expect(await versions(id)).toEqual(['新的：****', '旧的：****'])
  expect((await contents.get(id)).name).toBe('问 ****')
  expect(await texts.named(person({}))).toEqual([])
  expect(await texts.holding.forget(person({}))).toEqual({ masked: 0 })
  await contents.update(id, write('更新的'), 'wang')
  expect(await sent(id)).toBe('更新的')
})

it('what is masked in the version in use is what goes out from then on', async () => {
  const { clock, contents, write, texts, sent } = await setUp()
  const { id } = await contents.create(write(`电 ${phone}`), 'wang')
  expect(await sent(id)).toBe(`电 ${phone}`)
  await texts.holding.forget(person({}))
  clock.advance(1_500)
  expect(await sent(id)).toBe('电 ****')
})

it('a name goes from versions that nothing sends; of a text in use somebody is told, and the version they replace loses it', async () => {
  const { contents, write, texts, versions } = await setUp()
  const { id } = await contents.create(write('欧阳晓雯推荐'), 'wang')
  await contents.approve(id, 1, 'zhou')
  await contents.update(id, write('欧阳晓雯和陈琳推荐'), 'wang')
  await contents.update(id, write('欧阳晓雯、陈琳都推荐'), 'wang')
  const { id: other } = await contents.create(write('大家推荐'), 'wang')
  expect(await texts.holding.forget(person({}))).toEqual({ masked: 1 })
  // The approved one and the newest are in use, the one between them is not.
  expect(await versions(id)).toEqual(['欧阳晓雯、陈琳都推荐', '****和陈琳推荐', '欧阳晓雯推荐'])
  expect(await texts.named(person({}))).toEqual([{ where: 'contents', id }])

  // Somebody else who is named in it goes too, before a person has looked at it.
  await texts.holding.forget(person({ customerId: 'cus_other', contacts: [], names: ['陈琳'] }))
  await contents.update(id, write('大家都推荐'), 'wang')
  await contents.approve(id, 4, 'zhou')
  await texts.retire()
  expect(await versions(id)).toEqual(['大家都推荐', '****、****都推荐', '****和****推荐', '****推荐'])
  expect(await texts.named(person({}))).toEqual([])
  expect(await versions(other)).toEqual(['大家推荐'])
})

it('what WeCom keeps too, or is known by its name, is left for a person', async () => {
  const { texts } = await setUp()
  const segments = mongo.get().connection.collection<{ _id: string; name: string; note: string }>('segments')
  await segments.insertOne({ _id: 'seg_1', name: '亲友', note: `找 ${phone}` })
  expect(await texts.holding.forget(person({}))).toEqual({ masked: 0 })
  expect(await texts.named(person({}))).toEqual([{ where: 'segments', id: 'seg_1' }])
  // Whoever looks after it finds it by what it is called; what is gone has no name.
  const told = ['seg_1', 'seg_gone'].map((id) => ({ where: 'segments', id }))
  const titled = await createTitles(mongo.get().connection)(told)
  expect(told.map((one) => titled(one).title)).toEqual(['亲友', null])
})
