import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createKeep } from '../../../server/groups/keep.ts'
import { groupMemberModel } from '../../../server/groups/members.model.ts'
import { createIds } from '../../../server/platform/id.ts'
import { countedMongo } from './counted.ts'
import { useGroups } from './room.ts'

const world = useGroups()
const get = '/cgi-bin/externalcontact/groupchat/get'
const Members = z.object({ member_version: z.string(), members: z.array(z.object({ id: z.string() })) })

const stays = async (chatId: string) =>
  groupMemberModel(world.mongo.get().connection).find({ chatId }).sort({ joinedAt: 1, _id: 1 }).lean()
const look = async (chatId: string) => {
  const row = await world.find(chatId)
  if (row === undefined) throw new Error(`no group ${chatId}`)
  return { row, doc: await world.groups().look.load(row.id) }
}
const inIt = async (chatId: string) => {
  const { doc } = await look(chatId)
  return (await world.groups().look.members(doc, { state: 'in', limit: 200 }, null)).items
}
const lines = async (chatId: string) => {
  const { doc } = await look(chatId)
  return (await world.groups().look.timeline(doc, { limit: 200 }, null)).items
}

describe('members of a group', () => {
  it('come and leave with who invited them, how, and what the callback told', async () => {
    const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
    for (const id of [ann, bob]) world.customers.set(id, id)
    const chatId = await world.newGroup('会员群')
    await world.join(chatId, ann, 3, 'poster')
    await world.advance(60_000)
    await world.join(chatId, bob, 1)
    await world.advance(60_000)
    await world.settle()
    await world.leave(chatId, bob, 1)
    await world.settle()
    const [first, second, third] = await stays(chatId)
    expect(first).toMatchObject({ id: 'lina', type: 1, leftAt: null, told: 'yes' })
    expect(second).toMatchObject({
      id: ann,
      joinScene: 3,
      calledScene: 3,
      state: 'poster',
      inviter: null,
      leftAt: null,
    })
    expect(third).toMatchObject({ id: bob, joinScene: 1, calledScene: 0, inviter: 'lina', quitScene: 1 })
    expect(third?.leftAt?.getTime()).toBe(third?.quitAt?.getTime())
    expect(await inIt(chatId)).toMatchObject([
      { id: ann, name: '安安', colleague: false, customerId: `c_${ann}` },
      { id: 'lina', colleague: true, role: 'owner' },
    ])
    expect((await world.facts()).map(({ type, customerId, payload }) => ({ type, customerId, payload }))).toEqual(
      expect.arrayContaining([
        { type: 'group.joined', customerId: `c_${ann}`, payload: { chatId, name: '会员群', joinScene: 3 } },
        {
          type: 'group.joined',
          customerId: `c_${bob}`,
          payload: { chatId, name: '会员群', joinScene: 1, inviter: 'lina' },
        },
        { type: 'group.left', customerId: `c_${bob}`, payload: { chatId, name: '会员群', quitScene: 1 } },
      ]),
    )
    expect(world.gaps).toEqual([])
  })

  it.each([
    ['older', (ids: string[]) => ids.join(',')],
    ['newer', (ids: string[]) => ({ Item: ids })],
    ['newer, one single Item', (ids: string[]) => ({ Item: ids.slice(0, 1) })],
  ])('are told of in the %s encoding', async (name, list) => {
    const chatId = await world.newGroup('两种写法')
    const people = [await world.newPerson('甲'), await world.newPerson('乙')]
    for (const id of people) await world.join(chatId, id)
    await world.settle()
    const before = Members.parse(await groupOf(chatId))
    await world.mode({ dropNext: 2 })
    for (const id of people) await world.leave(chatId, id, 1)
    await world.settle()
    const after = Members.parse(await groupOf(chatId))
    await world.emit({
      ChangeType: 'update',
      ChatId: chatId,
      UpdateDetail: 'del_member',
      QuitScene: 1,
      MemChangeCnt: 2,
      MemChangeList: list(people),
      LastMemVer: before.member_version,
      CurMemVer: after.member_version,
    })
    await world.settle()
    const left = (await stays(chatId)).filter(({ leftAt }) => leftAt !== null)
    expect(left.map(({ id }) => id).toSorted()).toEqual(people.toSorted())
    const told = left.filter(({ quitScene }) => quitScene === 1).map(({ id }) => id)
    expect(told.toSorted()).toEqual((name.includes('single') ? people.slice(0, 1) : people).toSorted())
  })

  it('may come, go and come again: each stay is kept', async () => {
    const ann = await world.newPerson('安安')
    world.customers.set(ann, ann)
    const chatId = await world.newGroup('来来去去')
    for (let times = 0; times < 2; times += 1) {
      await world.join(chatId, ann)
      await world.settle()
      await world.advance(3_600_000)
      await world.leave(chatId, ann)
      await world.settle()
      await world.advance(3_600_000)
    }
    await world.join(chatId, ann)
    await world.settle()
    const hers = (await stays(chatId)).filter(({ id }) => id === ann)
    expect(hers.map(({ leftAt, quitScene }) => [leftAt !== null, quitScene])).toEqual([
      [true, 0],
      [true, 0],
      [false, null],
    ])
    const told = (await world.facts()).map(({ type }) => type)
    expect(told.filter((type) => type === 'group.joined')).toHaveLength(3)
    expect(told.filter((type) => type === 'group.left')).toHaveLength(2)
  })

  it('who becomes a customer later gets the groups they are in', async () => {
    const ann = await world.newPerson('安安')
    const chatId = await world.newGroup('潜客群')
    await world.join(chatId, ann)
    await world.settle()
    expect(await world.facts()).toEqual([])
    expect((await stays(chatId)).find(({ id }) => id === ann)).toMatchObject({ told: 'stranger' })
    await world.act('add', { userid: 'lina', external_userid: ann })
    await world.settle()
    expect(await world.facts()).toMatchObject([{ type: 'group.joined', customerId: `c_${ann}`, payload: { chatId } }])
    await world.leave(chatId, ann)
    await world.settle()
    expect((await world.facts()).map(({ type }) => type).toSorted()).toEqual(['group.joined', 'group.left'])
  })

  it('whoever invites gets a line of their own', async () => {
    const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
    const chatId = await world.newGroup('老带新')
    await world.join(chatId, ann)
    await world.join(chatId, bob, 2)
    world.customers.set(ann, ann)
    await world.settle()
    // The stand-in lets the owner invite; who it was is what counts here.
    await groupMemberModel(world.mongo.get().connection).updateOne({ chatId, id: bob }, { inviter: ann, told: 'no' })
    await world.groups().refresh(chatId)
    expect(await world.facts()).toContainEqual(
      expect.objectContaining({
        type: 'group.invited',
        customerId: `c_${ann}`,
        payload: { chatId, name: '老带新', guest: bob, guestName: '小波' },
      }),
    )
    const { doc } = await look(chatId)
    expect((await world.groups().look.detail(doc, null)).inviters).toMatchObject([{ id: ann, name: '安安', count: 1 }])
    expect((await inIt(chatId)).find(({ id }) => id === bob)?.inviter).toMatchObject({ id: ann, name: '安安' })
  })
})

describe('callbacks', () => {
  it('that come twice, late and out of order end as WeCom says, without a gap', async () => {
    const chatId = await world.newGroup('乱序')
    await world.settle()
    const people = await Promise.all(Array.from({ length: 6 }, (_, index) => world.newPerson(`客${index}`)))
    await world.mode({ repeat: 3, shuffle: 8 })
    for (const id of people) await world.join(chatId, id)
    for (const id of people.slice(0, 3)) await world.leave(chatId, id, 1)
    await world.change(chatId, { name: '改名了', notice: '周五上新' })
    await world.release('shuffle')
    await world.mode({})
    await world.settle()
    const listed = Members.parse(await groupOf(chatId)).members.map(({ id }) => id)
    expect((await inIt(chatId)).map(({ id }) => id).toSorted()).toEqual(listed.toSorted())
    const gone = (await stays(chatId)).filter(({ leftAt }) => leftAt !== null)
    expect(gone.map(({ quitScene }) => quitScene)).toEqual([1, 1, 1])
    expect(world.gaps).toEqual([])
    const told = await lines(chatId)
    expect(told.filter(({ kind }) => kind === 'name')).toMatchObject([{ from: '乱序', to: '改名了' }])
    expect(told.filter(({ kind }) => kind === 'notice')).toMatchObject([{ from: '', to: '周五上新' }])
    expect(told.filter(({ kind }) => kind === 'left')).toHaveLength(3)
  })

  it('that begin where none ended: the list is read whole, and the gap is told once', async () => {
    const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
    const chatId = await world.newGroup('漏了一个')
    await world.settle()
    const kept = Members.parse(await groupOf(chatId)).member_version
    await world.advance(1_000)
    await world.mode({ dropNext: 1 })
    await world.join(chatId, ann)
    const last = Members.parse(await groupOf(chatId)).member_version
    await world.join(chatId, bob)
    await world.settle()
    expect((await inIt(chatId)).map(({ id }) => id).toSorted()).toEqual([ann, bob, 'lina'].toSorted())
    expect(world.gaps).toMatchObject([{ kind: 'group.version', subject: chatId, because: { last } }])
    expect(kept).not.toBe(last)
    await world.leave(chatId, bob)
    await world.settle()
    expect(world.gaps).toHaveLength(1)
  })

  it('that happened before the group was first read begin nowhere, which is no gap', async () => {
    const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
    await world.mode({ hold: true })
    const chatId = await world.newGroup('先有人，后有信')
    for (const id of [ann, bob]) await world.join(chatId, id)
    await world.advance(2_000)
    // What the callback of its making does, while the others are on their way.
    await world.groups().refresh(chatId)
    await world.mode({})
    await world.release('normal')
    await world.settle()
    expect(await inIt(chatId)).toHaveLength(3)
    expect(world.gaps).toEqual([])
  })

  it('whose version is known already cost no call', async () => {
    const chatId = await world.newGroup('不用再问')
    await world.join(chatId, await world.newPerson('安安'))
    await world.mode({ hold: true })
    await world.settle()
    await world.join(chatId, await world.newPerson('小波'))
    await world.groups().refresh(chatId)
    const calls = await world.calls(get)
    await world.mode({})
    await world.release('normal')
    await world.settle()
    expect(await world.calls(get)).toBe(calls)
    expect(await inIt(chatId)).toHaveLength(3)
  })

  it('that are ahead of the list wait for it', async () => {
    const ann = await world.newPerson('安安')
    const chatId = await world.newGroup('列表慢半拍')
    await world.settle()
    const { member_version: last } = Members.parse(await groupOf(chatId))
    const calls = await world.calls(get)
    await world.emit({
      ChangeType: 'update',
      ChatId: chatId,
      UpdateDetail: 'add_member',
      JoinScene: 3,
      MemChangeCnt: 1,
      MemChangeList: { Item: [ann] },
      LastMemVer: last,
      CurMemVer: 'not-there-yet',
    })
    const before = world.clock.now()
    await world.settle()
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(2_000)
    expect((await world.calls(get)) - calls).toBeGreaterThan(1)
  })

  it('a burst of fifty who join at once costs few calls', async () => {
    const chatId = await world.newGroup('涌入')
    await world.settle()
    const people = await Promise.all(Array.from({ length: 50 }, (_, index) => world.newPerson(`客${index}`)))
    const calls = await world.calls(get)
    for (const id of people) await world.join(chatId, id)
    await world.settle()
    expect(await inIt(chatId)).toHaveLength(51)
    expect((await world.calls(get)) - calls).toBeLessThanOrEqual(6)
    expect(world.gaps).toEqual([])
  })

  it('an update without a word of what changed reads the group', async () => {
    const chatId = await world.newGroup('补一次')
    await world.settle()
    await world.mode({ dropEvents: ['change_external_chat'] })
    await world.join(chatId, await world.newPerson('安安'))
    await world.mode({})
    await world.emit({ ChangeType: 'update', ChatId: chatId, UpdateDetail: 'repair' })
    await world.settle()
    expect(await inIt(chatId)).toHaveLength(2)
    await world.join(chatId, await world.newPerson('小波'))
    await world.settle()
    expect(world.gaps).toEqual([])
  })
})

it('who came and went before the list could be read has a stay all the same', async () => {
  const ann = await world.newPerson('安安')
  world.customers.set(ann, ann)
  const chatId = await world.newGroup('匆匆过客')
  await world.settle()
  await world.mode({ hold: true })
  await world.join(chatId, ann)
  await world.advance(60_000)
  await world.leave(chatId, ann, 1)
  await world.release('reverse')
  await world.mode({})
  await world.settle()
  const hers = (await stays(chatId)).filter(({ id }) => id === ann)
  expect(hers).toMatchObject([{ type: 2, calledScene: 3, joinScene: 3, quitScene: 1, told: 'yes' }])
  expect(Number(hers[0]?.leftAt) - Number(hers[0]?.joinedAt)).toBe(60_000)
  expect((await world.facts()).map(({ type }) => type).toSorted()).toEqual(['group.joined', 'group.left'])
  expect((await lines(chatId)).map(({ kind }) => kind)).toEqual(expect.arrayContaining(['joined', 'left']))
  expect(world.gaps).toEqual([])
})

describe('a group', () => {
  it('has a timeline of its own: owner, name and notice, old and new', async () => {
    const chatId = await world.newGroup('老名字')
    await world.join(chatId, 'wangwei', 1)
    await world.settle()
    await world.change(chatId, { owner: 'wangwei' })
    await world.settle()
    await world.advance(1000)
    await world.change(chatId, { name: '新名字', notice: '欢迎' })
    await world.settle()
    expect((await lines(chatId)).map(({ kind, from, to }) => [kind, from, to])).toEqual(
      expect.arrayContaining([
        ['owner', 'lina名', 'wangwei名'],
        ['name', '老名字', '新名字'],
        ['notice', '', '欢迎'],
      ]),
    )
    expect((await look(chatId)).row).toMatchObject({ name: '新名字', owner: 'wangwei', members: 2, outsiders: 0 })
  })

  it('is dismissed around those who were in it', async () => {
    const ann = await world.newPerson('安安')
    world.customers.set(ann, ann)
    const chatId = await world.newGroup('要散了')
    await world.join(chatId, ann)
    await world.settle()
    const { doc } = await look(chatId)
    await world.act(`groups/${chatId}/dismiss`, {})
    await world.settle()
    expect(await world.find(chatId)).toBeUndefined()
    const { items } = await world.groups().look.members(doc, { state: 'left', limit: 50 }, null)
    expect(items.map(({ id, quit }) => [id, quit]).toSorted()).toEqual(
      [
        [ann, 'dismissed'],
        ['lina', 'dismissed'],
      ].toSorted(),
    )
    expect((await world.facts()).map(({ type }) => type).toSorted()).toEqual(['group.joined', 'group.left'])
    const { items: told } = await world.groups().look.timeline(doc, { limit: 50 }, null)
    expect(told[0]).toMatchObject({ kind: 'dismissed', members: 2 })
  })

  it('waits to be inherited once its owner has left', async () => {
    await world.act('members', { userid: 'zhou', name: '周周', department: [1], leader: false })
    const chatId = await world.newGroup('没有群主了', 'zhou')
    await world.settle()
    await world.act('members/zhou/leave', {})
    await world.settle()
    expect((await look(chatId)).row.status).toBe(1)
    const { items } = await world.groups().search({ limit: 10, status: 1, scope: { owners: null, internal: false } })
    expect(items.map((one) => one.chatId)).toEqual([chatId])
    expect((await lines(chatId)).find(({ kind }) => kind === 'status')).toMatchObject({ from: '0', to: '1' })
  })

  it('kept before members had rows of their own is read anew', async () => {
    const ann = await world.newPerson('安安')
    world.customers.set(ann, ann)
    await world.mode({ dropEvents: ['change_external_chat'] })
    const chatId = await world.newGroup('旧数据')
    await world.join(chatId, ann)
    await world.mode({})
    const old = {
      _id: 'grp_old',
      key: chatId,
      kind: 'customer',
      chatId,
      name: '旧名',
      owner: 'lina',
      tier: 'A',
      members: 2,
    }
    const kept: Record<string, unknown> = { ...old, outside: [], memberVersion: 'x', webhook: null, dismissed: false }
    await world.mongo
      .get()
      .connection.collection<{ _id: string }>('groups')
      .insertOne({ ...kept, _id: 'grp_old' })
    await world.groups().upgrade()
    await world.groups().refresh(chatId)
    expect((await look(chatId)).row).toMatchObject({
      id: 'grp_old',
      name: '旧数据',
      tier: 'A',
      members: 2,
      outsiders: 1,
    })
    expect((await world.facts()).map(({ type }) => type)).toEqual(['group.joined'])
  })

  it('of 500 people: one who leaves costs few writes', async () => {
    const chatId = await world.newGroup('五百人大群')
    const people = await Promise.all(Array.from({ length: 499 }, (_, index) => world.newPerson(`客${index}`)))
    await world.mode({ dropEvents: ['change_external_chat'] })
    for (const id of people) await world.join(chatId, id)
    await world.mode({})
    await world.groups().refresh(chatId)
    expect((await look(chatId)).row.members).toBe(500)
    const first = people[0] ?? ''
    world.customers.set(first, first)
    const counted = await countedMongo(world.mongo.url())
    const keep = createKeep({ mongo: counted.mongo, clock: world.clock, newId: createIds(world.clock) })
    await world.leave(chatId, first)
    const [chat, kept] = [await world.adapter().read.groupChat(chatId), await keep.load(chatId)]
    if (chat === null) throw new Error('the group is there')
    expect(await keep.save(chat, kept)).toBe(true)
    // The group, the stay, the line of the timeline.
    expect(counted.written()).toBe(3)
    expect(await keep.save(chat, await keep.load(chatId))).toBe(true)
    expect(counted.written()).toBe(3)
    await counted.mongo.close()
    expect((await look(chatId)).row.members).toBe(499)
    const bytes = JSON.stringify((await look(chatId)).doc).length
    expect(bytes).toBeLessThan(2000)
  })
})

const groupOf = async (chatId: string): Promise<unknown> => {
  const State = z.object({ groups: z.array(z.looseObject({ chat_id: z.string() })) })
  const group = State.parse(await world.look('state')).groups.find(({ chat_id }) => chat_id === chatId)
  if (group === undefined) throw new Error(`no group ${chatId}`)
  const { groupChat } = world.adapter().read
  const chat = await groupChat(chatId)
  return { ...group, member_version: chat?.memberVersion }
}
