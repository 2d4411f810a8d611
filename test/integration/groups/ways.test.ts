import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { joinWayModel } from '../../../server/groups/join-ways.model.ts'
import { useGroups } from './room.ts'

const world = useGroups()
const add = '/cgi-bin/externalcontact/groupchat/add_join_way'
const addWelcome = '/cgi-bin/externalcontact/group_welcome_template/add'
const State = z.object({ groups: z.array(z.object({ chat_id: z.string(), name: z.string() })) })

/** The next answer of the path is lost, after the thing was done. */
const lose = (path: string) => world.act('faults', { path, exact: true, times: 1, kind: 'cut_after' })
const idOf = async (chatId: string): Promise<string> => (await world.find(chatId))?.id ?? ''
const input = (name: string, groupIds: string[]) => ({
  name,
  groupIds,
  autoCreate: false,
  baseName: '',
  baseNumber: 1,
})
const tally = async () => {
  const { joinWays, tally: count } = world.groups()
  return count(await joinWays.list(), joinWays.standing)
}
const configIdOf = async (id: string): Promise<string> => (await world.groups().joinWays.load(id)).configId ?? ''

let chatId = ''
let groupId = ''
beforeEach(async () => {
  chatId = await world.newGroup('福利群')
  await world.settle()
  groupId = await idOf(chatId)
})

describe('a join way', () => {
  it('leads into its groups, and who came by it is counted', async () => {
    const { joinWays } = world.groups()
    const way = await joinWays.create(input('门店立牌', [groupId]), '王经理')
    expect(way).toMatchObject({ state: 'on', chatIds: [chatId] })
    expect(way.qrUrl).toMatch(/^http/)
    const picture = await joinWays.picture(way._id)
    expect(picture).toMatchObject({ mime: 'image/svg+xml', name: '门店立牌.svg' })
    expect(new TextDecoder().decode(picture.bytes)).toContain('<svg')
    const config_id = await configIdOf(way._id)
    const [ann, bob] = [await world.newPerson('安安'), await world.newPerson('小波')]
    for (const external_userid of [ann, bob]) await world.act('groups/scan', { config_id, external_userid })
    await world.settle()
    await world.advance(1000)
    await world.leave(chatId, bob)
    await world.settle()
    expect(await tally()).toMatchObject([{ name: '门店立牌', joined: 2, staying: 1, week: 2, made: [] }])
    const doc = await world.groups().look.load(groupId)
    const { items } = await world.groups().look.members(doc, { state: 'in', limit: 10 }, null)
    expect(items.find(({ id }) => id === ann)?.joinWay).toEqual({ id: way._id, name: '门店立牌' })
  })

  it('goes on in groups WeCom makes by itself', async () => {
    const { joinWays } = world.groups()
    const asked = { ...input('自动续群', [groupId]), autoCreate: true, baseName: '福利群', baseNumber: 2 }
    const way = await joinWays.create(asked, '王经理')
    await world.put('limits', { groupSizeByCode: 2 })
    const config_id = await configIdOf(way._id)
    for (let n = 0; n < 3; n += 1)
      await world.act('groups/scan', { config_id, external_userid: await world.newPerson(`客${n}`) })
    await world.settle()
    const [item] = await tally()
    expect(item).toMatchObject({ joined: 3, groups: [{ name: '福利群' }] })
    expect(item?.made.map(({ name }) => name)).toEqual(expect.arrayContaining(['福利群2']))
    expect(State.parse(await world.look('state')).groups.length).toBeGreaterThan(1)
  })

  it('is changed and deleted, in WeCom and here', async () => {
    const { joinWays } = world.groups()
    const other = await world.newGroup('第二个群')
    await world.settle()
    const way = await joinWays.create(input('海报', [groupId]), '王经理')
    const config_id = await configIdOf(way._id)
    await joinWays.update(way._id, input('海报二', [groupId, await idOf(other)]))
    const { joinWay } = world.adapter().read
    expect(await joinWay(config_id)).toMatchObject({ remark: '海报二', chatIds: [chatId, other], state: way._id })
    await joinWays.remove(way._id)
    expect(await joinWay(config_id)).toBeNull()
    expect(await joinWays.list()).toEqual([])
  })

  it('whose answer was lost is not asked for again: a person decides', async () => {
    const { joinWays } = world.groups()
    const before = await world.calls(add)
    await lose(add)
    const way = await joinWays.create(input('丢了回答', [groupId]), '王经理')
    expect(way).toMatchObject({ state: 'unsure', configId: null })
    expect((await world.calls(add)) - before).toBe(1)
    await expect(joinWays.update(way._id, input('改', [groupId]))).rejects.toMatchObject({ code: 'group.unsure' })
    await expect(joinWays.create(input('丢了回答', [groupId]), '王经理')).rejects.toMatchObject({
      code: 'conflict.exists',
    })
    await joinWays.decide(way._id, 'again')
    expect(await joinWays.load(way._id)).toMatchObject({ state: 'on' })
    expect((await world.calls(add)) - before).toBe(2)
    await expect(joinWays.decide(way._id, 'again')).rejects.toMatchObject({ code: 'conflict.changed' })
    await lose(add)
    const second = await joinWays.create(input('也丢了', [groupId]), '王经理')
    await joinWays.decide(second._id, 'forget')
    expect((await joinWays.list()).map(({ name }) => name)).toEqual(['丢了回答'])
  })

  it('whose process died while it waited is unsure after a minute', async () => {
    const { joinWays } = world.groups()
    const way = await joinWays.create(input('进程没了', [groupId]), '王经理')
    const ways = joinWayModel(world.mongo.get().connection)
    await ways.updateOne({ _id: way._id }, { state: 'making', configId: null, askedAt: world.clock.date() })
    expect(joinWays.standing(await joinWays.load(way._id))).toBe('making')
    await expect(joinWays.decide(way._id, 'forget')).rejects.toMatchObject({ code: 'conflict.changed' })
    await world.advance(61_000)
    expect(joinWays.standing(await joinWays.load(way._id))).toBe('unsure')
    await joinWays.decide(way._id, 'forget')
    expect(await joinWays.list()).toEqual([])
  })

  it('that was certainly not made leaves nothing behind', async () => {
    const { joinWays } = world.groups()
    await world.act('faults', { path: add, exact: true, times: 1, kind: 'errcode', errcode: 41045 })
    await expect(joinWays.create(input('没有建成', [groupId]), '王经理')).rejects.toMatchObject({ errcode: 41045 })
    expect(await joinWays.list()).toEqual([])
    await expect(joinWays.create(input('没有这个群', ['grp_none']), '王经理')).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})

describe('a group welcome', () => {
  const body = (name: string, text: string) => ({ name, text, attachment: null, notify: true })
  const Ledger = z.array(z.object({ via: z.string(), text: z.string() }))

  it('is made, changed, and said once the owner has turned it on', async () => {
    const { welcomes } = world.groups()
    const link = { type: 'link' as const, title: '新人礼', url: 'https://example.com/gift' }
    const made = await welcomes.create({ ...body('新人礼', '欢迎 %NICKNAME%'), attachment: link }, '王经理')
    expect(made).toMatchObject({ state: 'on', attachment: link })
    await welcomes.update(made._id, body('新人礼', '%NICKNAME%，欢迎来'), '王经理')
    const templateId = made.templateId ?? ''
    expect(await world.adapter().read.groupWelcomeText(templateId)).toBe('%NICKNAME%，欢迎来')
    await world.act(`groups/${chatId}/welcome`, { template_id: templateId })
    await world.join(chatId, await world.newPerson('安安'))
    expect(Ledger.parse(await world.look(`ledger?to=${chatId}`))).toMatchObject([
      { via: 'group_welcome', text: '安安，欢迎来' },
    ])
    await welcomes.remove(made._id)
    expect(await world.adapter().read.groupWelcomeText(templateId)).toBeNull()
    expect(await welcomes.list()).toEqual([])
  })

  it('whose answer was lost is unsure until a person decides', async () => {
    const { welcomes } = world.groups()
    const before = await world.calls(addWelcome)
    await lose(addWelcome)
    const made = await welcomes.create(body('丢了', '你好'), '王经理')
    expect(made.state).toBe('unsure')
    expect((await world.calls(addWelcome)) - before).toBe(1)
    await welcomes.decide(made._id, 'forget')
    expect(await welcomes.list()).toEqual([])
  })

  it('longer than 3000 bytes never leaves the house', async () => {
    const before = await world.calls(addWelcome)
    const long = body('太长', '长'.repeat(1001))
    await expect(world.groups().welcomes.create(long, '王经理')).rejects.toMatchObject({ kind: 'refused' })
    expect(await world.calls(addWelcome)).toBe(before)
    expect(await world.groups().welcomes.list()).toEqual([])
  })
})
