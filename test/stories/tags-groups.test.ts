import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { morning, until } from '../support/company.ts'
import { startWorld, type World } from '../support/world.ts'

const Nothing = z.object({})
const Chat = z.object({ chat_id: z.string() })
const Person = z.object({ external_userid: z.string() })
const TagIds = z.object({ group_id: z.string(), tags: z.array(z.object({ id: z.string(), name: z.string() })) })
const editing = '/cgi-bin/externalcontact/edit_corp_tag'

describe('what is kept on both sides', () => {
  let world: World

  beforeAll(async () => {
    world = await startWorld()
    await world.act('clock/set', { now: morning }, z.object({ now: z.int() }))
    for (const userid of ['lina', 'wangwei']) await world.act('members', { userid, name: userid }, Nothing)
    await world.call(api.members.sync)
  })
  afterAll(() => world.close())

  const board = async () => (await world.call(api.tags.board)).groups.flatMap(({ tags }) => tags)
  const inWecom = async (): Promise<string[]> => (await world.state()).tags.map(({ name }) => name)

  it('tags: WeCom is away while both change one; the later change stands in both, and customers lose what is deleted', async () => {
    const { tags } = await world.act('console/tags', { group: '身份', names: ['老客', '新客'] }, TagIds)
    await world.drain()
    const [old, fresh] = await board()
    expect([old?.name, fresh?.name].toSorted()).toEqual(['新客', '老客'].toSorted())
    const { external_userid } = await world.act('customers', { name: '林晓雯' }, Person)
    await world.act('add', { userid: 'lina', external_userid }, z.object({ welcome_code: z.string().nullable() }))
    const wecomId = tags.find(({ name }) => name === '新客')?.id ?? ''
    await world.act('tag', { userid: 'lina', external_userid, add: [wecomId] }, Nothing)
    await world.drain()
    const profile = () => world.call(api.customers.byExternal, { params: { id: external_userid } })
    expect((await profile()).tags.map(({ name }) => name)).toEqual(['新客'])

    const mine = (await board()).find(({ name }) => name === '老客')
    await world.act('faults', { path: editing, kind: 'http_5xx', times: 20 }, z.unknown())
    await world.call(api.tags.rename, { params: { id: mine?.id ?? '' }, body: { name: '贵客' } })
    expect((await board()).find(({ id }) => id === mine?.id)).toMatchObject({ name: '贵客', pending: true })
    await world.advanceOnly(60_000)
    await world.put('callbacks/mode', { repeat: 3 })
    await world.act('console/tags/rename', { id: mine?.wecomId ?? '', name: '常客' }, Nothing)
    await until('the later change stands', async () => (await board()).some(({ name }) => name === '常客'))
    await world.put('callbacks/mode', {})
    await world.remove('faults')
    await world.advance(3_600_000)
    expect((await board()).find(({ id }) => id === mine?.id)).toMatchObject({
      name: '常客',
      pending: false,
      conflict: { ours: '贵客', theirs: '常客', kept: 'theirs' },
    })
    expect(await inWecom()).toContain('常客')

    // While a segment asks for one, it is not deleted here.
    const asked = (await board()).find(({ id }) => id === mine?.id)
    const tag = { type: 'tag' as const, tagId: asked?.id ?? '', tag: asked?.name ?? '' }
    const body = { kind: 'rule' as const, name: '不是常客', note: '', condition: { type: 'not' as const, of: tag } }
    await world.call(api.segments.create, { body })
    await expect(world.call(api.tags.remove, { params: { id: tag.tagId } })).rejects.toThrow('不是常客')

    await world.act('console/tags/delete', { id: wecomId }, Nothing)
    await until('the customer has lost the tag', async () => (await profile()).tags.length === 0)
    await world.drain()
  })

  it('groups: joins come twice and in reverse, one is lost, one leaves and comes again; who is in it is as WeCom says', async () => {
    const { chat_id } = await world.act('groups', { name: '护肤群', owner: 'lina' }, Chat)
    await world.drain()
    const people: string[] = []
    for (let index = 0; index < 6; index += 1)
      people.push((await world.act('customers', { name: `客户${index}` }, Person)).external_userid)
    const go = async (how: 'join' | 'leave', id: string): Promise<void> => {
      await world.act(`groups/${chat_id}/${how}`, { id }, z.unknown())
      await world.advanceOnly(2_000)
    }
    await world.put('callbacks/mode', { repeat: 2, hold: true })
    for (const id of people.slice(0, 4)) await go('join', id)
    await go('leave', people[0] ?? '')
    await go('join', people[0] ?? '')
    await world.act('callbacks/release', { order: 'reverse' }, z.unknown())
    await world.put('callbacks/mode', { dropNext: 1 })
    await go('join', people[4] ?? '')
    await world.put('callbacks/mode', {})
    await go('join', people[5] ?? '')
    await go('join', 'wangwei')
    await world.act(`groups/${chat_id}/change`, { name: '护肤交流群', owner: 'wangwei' }, z.unknown())
    await world.advance(20_000)

    const { items } = await world.call(api.groups.list)
    expect(items).toMatchObject([{ name: '护肤交流群', owner: 'wangwei', members: 8 }])
    const stays = async (state: 'in' | 'left') =>
      (await world.call(api.groups.members, { params: { id: items[0]?.id ?? '' }, query: { limit: 50, state } })).items
    expect((await stays('in')).map(({ id }) => id).toSorted()).toEqual([...people, 'lina', 'wangwei'].toSorted())
    // The first stay was over before anybody could look; if the callbacks told of it, it is that of who came again.
    expect((await stays('left')).every(({ id }) => id === people[0])).toBe(true)
  })
})
