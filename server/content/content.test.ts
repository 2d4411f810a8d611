import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { byteLength, cutBytes } from '@zhiyin/shared/bytes'
import { ContentBody, ContentInput, wordsOf, type Who } from '@zhiyin/shared/content'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { createIds } from '../platform/id.ts'
import { createContents } from './contents.ts'
import type { Vars } from './vars.ts'

const mongo = useMongo()

it('cuts by bytes, never inside a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 60 }), (text, max) => {
      const cut = cutBytes(text, max)
      expect(byteLength(cut)).toBeLessThanOrEqual(max)
      expect(text.startsWith(cut)).toBe(true)
    }),
  )
})

const body = (text: string) => ({ text, attachments: [] })
const vars: Vars = { known: { 'customer.name': '陈琳', tier: 'A' }, attrs: [] }
const who = (over: Partial<Who> = {}): Who => ({ tier: 'B', stage: 'active', segmentIds: [], ...over })

const setUp = () => {
  const clock = movableClock()
  const make = () => createContents({ mongo: mongo.get(), clock, newId: createIds(clock) })
  const contents = make()
  const textOf = async (id: string, of = who()) => (await contents.render(id, of, vars))?.body.text ?? null
  return { clock, contents, make, textOf }
}
beforeEach(() => mongo.get().connection.dropDatabase())

const picture = { type: 'image' as const, picUrl: 'https://a.example/p.png' }

describe('a body', () => {
  it.each([
    ['words alone', { text: '你好' }, true],
    ['attachments alone', { text: '', attachments: [picture] }, true],
    ['blanks beside attachments', { text: ' \n', attachments: [picture] }, true],
    ['nothing', { text: '' }, false],
    ['blanks alone', { text: ' \n' }, false],
  ])('of %s: %j', (_of, said, takes) => {
    expect(ContentBody.safeParse(said).success).toBe(takes)
  })

  it('of attachments alone is rendered with their words filled in, and named by them in lists', async () => {
    const { contents } = setUp()
    const card = { type: 'link' as const, title: '{{ customer.name }}的新品', url: 'https://a.example/' }
    const { id } = await contents.create(
      { name: 'x', body: { text: '', attachments: [card, picture] }, variants: [] },
      'm',
    )
    const said = await contents.render(id, who(), vars)
    expect(said?.body).toEqual({ text: '', attachments: [{ ...card, title: '陈琳的新品' }, picture] })
    expect(wordsOf(said?.body ?? { text: '', attachments: [] })).toBe('[陈琳的新品] [https://a.example/p.png]')
  })

  it('that comes to nothing for somebody is not sent to them', async () => {
    const { contents } = setUp()
    const { id } = await contents.create(
      { name: 'x', body: body('{% if tier == "A" %}贵宾好{% endif %}'), variants: [] },
      'm',
    )
    expect((await contents.render(id, who(), vars))?.body.text).toBe('贵宾好')
    expect(await contents.render(id, who(), { ...vars, known: { ...vars.known, tier: 'B' } })).toBeNull()
  })
})

describe('variants', () => {
  it('the first that fits holds, else the default', async () => {
    const { contents } = setUp()
    const { id } = await contents.create(
      {
        name: 'x',
        body: body('默认'),
        variants: [
          { when: { segmentIds: ['seg_1'], tiers: ['A', 'B'] }, body: body('圈内') },
          { when: { tiers: ['A'], stages: ['silent'] }, body: body('沉默贵宾') },
          { when: { tiers: ['A'] }, body: body('贵宾') },
        ],
      },
      'm',
    )
    const got = async (of: Partial<Who>) => {
      const rendered = await contents.render(id, who(of), vars)
      return [rendered?.body.text, rendered?.variant]
    }
    expect(await got({})).toEqual(['默认', 'default'])
    expect(await got({ segmentIds: ['seg_1', 'seg_2'] })).toEqual(['圈内', 'A,B+seg_1'])
    expect(await got({ tier: 'C', segmentIds: ['seg_1'] })).toEqual(['默认', 'default'])
    expect(await got({ tier: 'A', stage: 'silent' })).toEqual(['沉默贵宾', 'A+silent'])
    expect(await got({ tier: 'A', stage: null })).toEqual(['贵宾', 'A'])
    expect(await contents.render('none', who(), vars)).toBeNull()
  })

  it('asks for nobody are refused, in words', () => {
    const parsed = ContentInput.safeParse({ name: 'x', body: body('x'), variants: [{ when: {}, body: body('y') }] })
    expect(parsed.error?.issues[0]).toMatchObject({ params: { zh: expect.stringContaining('请选择') } })
    const heavy = ContentInput.safeParse({ name: 'x', body: body('重'.repeat(1334)) })
    expect(heavy.error?.issues[0]).toMatchObject({ params: { zh: expect.stringContaining('有 4002 字节') } })
  })

  it('a wrong one is refused at saving', async () => {
    const { contents } = setUp()
    const input = {
      name: 'x',
      body: body('好'),
      variants: [{ when: { tiers: ['B' as const] }, body: body('{{ x }}') }],
    }
    await expect(contents.create(input, 'm')).rejects.toMatchObject({ code: 'content.variable' })
    expect(await contents.list()).toEqual([])
  })

  it('cards have their words filled in and cut too', async () => {
    const { contents } = setUp()
    const title = `{{ customer.name }}${'长'.repeat(36)}`
    const card = { type: 'link' as const, title, url: 'https://a.example.com', desc: '给{{ customer.name }}' }
    const { id } = await contents.create({ name: 'x', body: { text: '看', attachments: [card] }, variants: [] }, 'm')
    const long = { known: { 'customer.name': '很长的名字'.repeat(3) }, attrs: [] }
    const [link] = (await contents.render(id, who(), long))?.body.attachments ?? []
    if (link?.type !== 'link') throw new Error('no link')
    expect(byteLength(link.title)).toBeLessThanOrEqual(128)
    expect(link.desc).toBe(`给${'很长的名字'.repeat(3)}`)
  })
})

describe('versions', () => {
  const input = (text: string, over: Partial<ContentInput> = {}) => ({
    name: 'x',
    body: body(text),
    variants: [],
    ...over,
  })

  it('are kept, seen by every process, and can be rolled back to', async () => {
    const { contents, make, clock, textOf } = setUp()
    const { id } = await contents.create(input('一'), '王敏', 'wang')
    const other = make()
    expect((await other.render(id, who(), vars))?.body.text).toBe('一')
    await contents.update(id, input('二'), '李娜', 'li')
    expect(await textOf(id)).toBe('二')
    // A change of the folder is none of what is sent.
    expect(await contents.update(id, input('二', { folder: '召回' }), '李娜', 'li')).toMatchObject({
      version: 2,
      folder: '召回',
    })
    clock.advance(1_001)
    expect((await other.render(id, who(), vars))?.body.text).toBe('二')
    expect(await contents.rollBack(id, 1, '王敏', 'wang')).toMatchObject({ version: 3, folder: '召回' })
    expect(await textOf(id)).toBe('一')
    expect((await contents.versions(id)).map(({ version, by, body: { text } }) => [version, by, text])).toEqual([
      [3, '王敏', '一'],
      [2, '李娜', '二'],
      [1, '王敏', '一'],
    ])
    await expect(contents.rollBack(id, 9, 'x')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('expired is sent no more, with the reason; what is due before waits no longer than until then', async () => {
    const { contents, clock, textOf } = setUp()
    const expiresAt = new Date(clock.now() + 3_600_000)
    const { id } = await contents.create(input('限时', { expiresAt: expiresAt.toISOString() }), 'm')
    const wish = (dueAt: Date) => ({ contentId: id, dueAt, expiresAt: new Date(clock.now() + 86_400_000) })
    expect(await textOf(id)).toBe('限时')
    const refusal = { code: 'block.content_expired', params: { content: 'x', at: expiresAt.getTime() } }
    expect(await contents.admit([wish(clock.date())])).toMatchObject([{ expiresAt, overBecause: refusal }])
    expect(await contents.admit([wish(expiresAt)])).toMatchObject([{ refusal }])
    clock.advance(3_600_000)
    expect(await textOf(id)).toBeNull()
    expect(await contents.refusal(id, clock.date())).toMatchObject({ code: 'block.content_expired' })
    expect(await contents.stateOf([await contents.get(id)])).toMatchObject([{ state: 'expired' }])
  })

  it('where approval is asked for, only what a second person approved is sent, also while a newer one waits', async () => {
    const { contents, clock, textOf } = setUp()
    const { id } = await contents.create(input('一'), '王敏', 'wang')
    await contents.settings.set({ approval: true })
    clock.advance(1_001)
    expect(await textOf(id)).toBeNull()
    expect(await contents.admit([{ contentId: id, expiresAt: clock.date() }])).toMatchObject([
      { refusal: { code: 'block.content_unapproved', params: { version: 1 } } },
    ])
    await expect(contents.approve(id, 1, '王敏', 'wang')).rejects.toMatchObject({ code: 'content.own_approval' })
    await contents.approve(id, 1, '王敏', 'another-wang')
    expect(await textOf(id)).toBe('一')
    await contents.update(id, input('二'), '王敏', 'wang')
    expect(await textOf(id)).toBe('一')
    expect(await contents.stateOf([await contents.get(id)])).toMatchObject([{ state: 'waiting' }])
    await expect(contents.approve(id, 1, '李娜', 'li')).rejects.toMatchObject({ code: 'conflict.changed' })
    await contents.approve(id, 2, '李娜', 'li')
    expect(await textOf(id)).toBe('二')
    expect((await contents.versions(id)).map(({ approved }) => approved?.by)).toEqual(['李娜', '王敏'])
  })

  it('of contents kept in the old form are brought into the new one, once', async () => {
    const { contents } = setUp()
    const old = {
      name: '旧',
      body: body('默认'),
      variants: { A: body('贵宾'), C: body('大家') },
      updatedAt: new Date(5),
      updatedBy: '王敏',
    }
    await mongo
      .get()
      .connection.collection<{ _id: string }>('contents')
      .insertOne({ _id: 'cnt_old', ...old })
    await Promise.all([contents.upgrade(), contents.upgrade()])
    expect((await contents.render('cnt_old', who({ tier: 'C' }), vars))?.body.text).toBe('大家')
    await contents.update('cnt_old', { ...(await contents.get('cnt_old')), expiresAt: null, body: body('新') }, '李娜')
    await contents.upgrade()
    expect(await contents.get('cnt_old')).toMatchObject({ version: 2, body: { text: '新' } })
    expect(await contents.versions('cnt_old')).toMatchObject([{ version: 2 }, { version: 1, variants: [{}, {}] }])
  })
})
