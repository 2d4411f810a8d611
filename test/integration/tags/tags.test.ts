import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Condition } from '@zhiyin/shared/condition'
import type { JobName } from '../../../server/flow/jobs.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createTagsRead } from '../../../server/tags/read.ts'
import { createTags, type Tags } from '../../../server/tags/tags.ts'
import type { TagUse } from '../../../server/tags/uses.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
const cgi = '/cgi-bin/externalcontact'
let wecom: Wecom
let tags: Tags
let engine: ReturnType<typeof customerEngine>
let jobs: JobName[]
let uses: TagUse[]
/** Happens while an edit of ours is on its way to WeCom. */
let meanwhile: () => Promise<unknown>

const read = () => createTagsRead({ mongo: mongo.get() })
const make = (): void => {
  jobs = []
  uses = []
  meanwhile = async () => undefined
  engine = customerEngine(mongo.get(), world.clock, {
    tagNames: async (ids) => new Map((await read().byIds(ids)).map((tag) => [tag.id, tag])),
  })
  tags = createTags({
    mongo: mongo.get(),
    clock: world.clock,
    newId: createIds(world.clock),
    log: quietLog,
    enqueue: async (name) => void jobs.push(name),
    setup: {
      ...wecom.setup,
      editCorpTag: async (edit) => {
        await meanwhile()
        await wecom.setup.editCorpTag(edit)
      },
    },
    wecom: wecom.read,
    clear: engine.profile.clearTag,
    recompute: engine.profile.recompute.want,
    uses: async () => uses,
  })
}
beforeAll(async () => {
  wecom = world.adapter()
  make()
  await mongo.indexes()
})
beforeEach(async () => {
  for (const collection of Object.values(mongo.get().connection.collections)) await collection.deleteMany({})
  for (const group of await wecom.read.corpTags()) await wecom.setup.deleteCorpTag({ groupId: group.id })
  await world.clear('faults')
  make()
})

/** What is due is done, as the sweep and its job do it. */
const work = async (): Promise<void> => {
  await tags.sweep.run(world.clock.date())
  if (jobs.includes('tags.work')) await tags.jobs['tags.work']()
  jobs.length = 0
}
const inWecom = async () =>
  (await wecom.read.corpTags()).flatMap((group) => group.tags.map((tag) => `${group.name}/${tag.name}`))
const here = async () => (await read().list()).map(({ group, name }) => `${group}/${name}`)
const fail = (path: string, times = 1) => world.act('faults', { path: `${cgi}/${path}`, kind: 'http_5xx', times })

describe('from here to WeCom', () => {
  it('a tag is made, renamed, ordered and deleted there too; own changes need no callback', async () => {
    const one = await tags.create({ name: '老客', group: '身份' })
    const two = await tags.create({ name: '新客', group: '身份' })
    expect((await inWecom()).toSorted()).toEqual(['身份/新客', '身份/老客'])
    await tags.rename(one._id, '常客')
    const [group] = (await read().board()).groups
    await tags.renameGroup(group?.id ?? '', '关系')
    await tags.reorder(group?.id ?? '', [two._id, one._id])
    expect(await inWecom()).toEqual(['关系/新客', '关系/常客'])
    expect(await here()).toEqual(['关系/新客', '关系/常客'])
    await tags.remove(two._id)
    expect(await inWecom()).toEqual(['关系/常客'])
    await tags.removeGroup(group?.id ?? '')
    expect(await inWecom()).toEqual([])
    expect(await here()).toEqual([])
    await tags.sync()
    expect(await here()).toEqual([])
  })

  it('while WeCom is away the change stands here, is not undone by a sync, and follows later', async () => {
    const { _id } = await tags.create({ name: '老客', group: '身份' })
    await fail('edit_corp_tag', 3)
    await tags.rename(_id, '常客')
    await tags.sync()
    expect(await here()).toEqual(['身份/常客'])
    expect((await read().board()).groups[0]?.tags[0]).toMatchObject({ pending: true, conflict: null })
    await world.clear('faults')
    await world.advance(3_600_000)
    await work()
    expect(await inWecom()).toEqual(['身份/常客'])
    expect((await read().board()).groups[0]?.tags[0]).toMatchObject({ pending: false })
    expect(await tags.backlog.count(world.clock.date())).toMatchObject({ due: 0 })
  })

  it('what WeCom refuses is taken back and said', async () => {
    const { _id } = await tags.create({ name: '老客', group: '身份' })
    await world.act('faults', { path: `${cgi}/edit_corp_tag`, kind: 'errcode', errcode: 40071, times: 1 })
    await expect(tags.rename(_id, '常客')).rejects.toMatchObject({ params: { errcode: 40071 } })
    expect(await here()).toEqual(['身份/老客'])
    await expect(tags.create({ name: '老客', group: '身份' })).rejects.toMatchObject({ code: 'conflict.exists' })
  })

  it('beyond WeCom’s cap a tag stays ours alone, says so, and asks again when there is room', async () => {
    await world.put('limits', { corpTags: 1 })
    await tags.create({ name: '第一', group: '身份' })
    const { _id } = await tags.create({ name: '第二', group: '身份' })
    const row = async () => (await read().board()).groups[0]?.tags.find(({ id }) => id === _id)
    expect(await row()).toMatchObject({ wecomId: null, why: 'limit', pending: false })
    expect(await inWecom()).toEqual(['身份/第一'])
    await tags.sync()
    expect(await here()).toHaveLength(2)
    await world.put('limits', { corpTags: 3000 })
    await world.advance(25 * 3_600_000)
    await work()
    await world.advance(10_000)
    await work()
    expect(await row()).toMatchObject({ wecomId: expect.any(String), why: null })
  })
})

describe('from WeCom to here', () => {
  const idOf = async (name: string): Promise<string> =>
    (await wecom.read.corpTags()).flatMap((group) => group.tags).find((tag) => tag.name === name)?.id ?? ''

  it('made, renamed, ordered and deleted by an admin there', async () => {
    await world.act('console/tags', { group: '来源', names: ['直播', '门店'] })
    await tags.sync()
    expect((await here()).toSorted()).toEqual(['来源/直播', '来源/门店'].toSorted())
    await world.act('console/tags/rename', { id: await idOf('直播'), name: '直播间' })
    await tags.sync()
    expect(await here()).toContain('来源/直播间')
    await world.act('console/tags/delete', { id: await idOf('门店') })
    await tags.sync()
    expect(await here()).toEqual(['来源/直播间'])
  })

  it('both change it: the later one stands in both, and the conflict is shown until seen', async () => {
    const { _id } = await tags.create({ name: '老客', group: '身份' })
    await fail('edit_corp_tag', 9)
    await tags.rename(_id, '贵客')
    await world.advance(60_000)
    await world.act('console/tags/rename', { id: await idOf('老客'), name: '常客' })
    await tags.sync(world.clock.date())
    expect(await here()).toEqual(['身份/常客'])
    const conflict = async () => (await read().board()).groups[0]?.tags[0]?.conflict
    expect(await conflict()).toMatchObject({ ours: '贵客', theirs: '常客', kept: 'theirs' })
    await tags.seen(_id)
    expect(await conflict()).toBeNull()
    await world.clear('faults')
    await world.advance(3_600_000)
    await work()
    expect(await inWecom()).toEqual(['身份/常客'])
  })

  it('a later change of WeCom’s that crosses ours on its way is carried there again', async () => {
    const { _id } = await tags.create({ name: '老客', group: '身份' })
    const id = await idOf('老客')
    meanwhile = async () => {
      meanwhile = async () => undefined
      await world.advance(60_000)
      await world.act('console/tags/rename', { id, name: '常客' })
      await tags.sync()
    }
    await tags.rename(_id, '贵客')
    expect(await inWecom()).toEqual(['身份/贵客'])
    expect((await read().board()).groups[0]?.tags[0]).toMatchObject({
      name: '常客',
      pending: true,
      conflict: { ours: '贵客', theirs: '常客', kept: 'theirs' },
    })
    await tags.sync()
    await work()
    expect(await inWecom()).toEqual(['身份/常客'])
    expect((await read().board()).groups[0]?.tags[0]).toMatchObject({ name: '常客', pending: false })
  })

  it('a change back to what it was, made while the first one is on its way, is carried there too', async () => {
    const { _id } = await tags.create({ name: '老客', group: '身份' })
    meanwhile = async () => {
      meanwhile = async () => undefined
      await world.advance(1_000)
      await tags.rename(_id, '老客')
    }
    await tags.rename(_id, '贵客')
    await world.advance(60_000)
    await work()
    expect(await inWecom()).toEqual(['身份/老客'])
    expect((await read().board()).groups[0]?.tags[0]).toMatchObject({ name: '老客', pending: false })
  })

  it('one that something here asks for is not deleted here, and stays as ours alone when it is deleted there', async () => {
    const used = await tags.create({ name: '黑名单', group: '风控' })
    const free = await tags.create({ name: '观察', group: '风控' })
    const asks: Condition = { type: 'not', of: { type: 'tag', tagId: used._id, tag: '黑名单' } }
    uses = [
      { name: '可以打扰的人', conditions: [{ type: 'all', of: [asks] }] },
      { name: '拉黑', conditions: [], tagIds: [used._id] },
    ]
    const { groups } = await read().board()
    for (const [what, name] of [
      [tags.remove(used._id), '黑名单'],
      [tags.removeGroup(groups[0]?.id ?? ''), '风控'],
    ] as const)
      await expect(what).rejects.toMatchObject({
        code: 'tag.in_use',
        params: { name, uses: '「可以打扰的人」、「拉黑」' },
      })
    expect((await inWecom()).toSorted()).toEqual(['风控/观察', '风控/黑名单'])

    const at = world.clock.date()
    const contact = { externalUserId: 'wm_barred', name: '客户', type: 1, gender: 0 }
    const follow = { userid: 'lina', createdAt: at, tagIds: [used.wecomId ?? ''], mobiles: [] }
    const id = await engine.told({ contact, follows: [follow] }, at)
    const put = { tagId: used._id, tag: '黑名单', because: [] }
    await engine.tell({ id: 'put', customerId: id, type: 'tag.added', at, source: 'rep', payload: put })
    await wecom.setup.deleteCorpTag({ groupId: groups[0]?.wecomId ?? '' })
    await tags.sync()
    await world.advance(11_000)
    await work()
    await engine.drain()
    await world.advance(1_000)
    await engine.told({ contact, follows: [{ ...follow, tagIds: [] }] }, world.clock.date())
    await engine.drain()
    expect((await engine.read.view(id))?.tagIds).toEqual([used._id])
    const [group] = (await read().board()).groups
    expect(group).toMatchObject({ name: '风控', wecomId: null })
    expect(group?.tags).toMatchObject([
      {
        ...{ id: used._id, wecomId: null, pending: false },
        conflict: { ours: '黑名单', theirs: '', kept: 'ours' },
      },
    ])
    expect(await read().byIds([free._id])).toMatchObject([{ deleted: true }])
    await tags.sync()
    expect(await here()).toEqual(['风控/黑名单'])
    // Once nothing asks for it any more it can go; and a tag of its name that comes there is the same.
    await world.act('console/tags', { group: '风控', names: ['黑名单'] })
    await tags.sync()
    expect(await read().byIds([used._id])).toMatchObject([{ deleted: false, wecomId: await idOf('黑名单') }])
    uses = []
    await tags.remove(used._id)
    expect(await here()).toEqual([])
  })

  it('a deleted tag is taken off every customer, as facts, batch by batch', async () => {
    const { _id, wecomId } = await tags.create({ name: '老客', group: '身份' })
    const at = world.clock.date()
    const ids = await Promise.all(
      Array.from({ length: 230 }, (_each, index) => {
        const contact = { externalUserId: `wm_tagged_${index}`, name: '客户', type: 1, gender: 0 }
        const follow = { userid: 'lina', createdAt: at, tagIds: [wecomId ?? ''], mobiles: [] }
        return engine.told({ contact, follows: [follow] }, at)
      }),
    )
    await engine.facts.append(
      ids.map((customerId) => ({
        id: `tag.added:test:${customerId}`,
        customerId,
        type: 'tag.added' as const,
        at,
        source: 'rep' as const,
        payload: { tagId: _id, tag: '老客', because: [] },
      })),
    )
    await engine.drain()
    expect((await engine.read.countByTag()).get(_id)).toBe(230)
    await tags.remove(_id)
    await world.advance(11_000)
    await work()
    await engine.drain()
    expect((await engine.read.countByTag()).get(_id)).toBeUndefined()
    const whole = await engine.read.whole(ids[229] ?? '')
    expect(whole?.contact?.follows[0]?.tagIds).toEqual([])
    expect(await tags.backlog.count(world.clock.date())).toMatchObject({ due: 0 })
  })
})
