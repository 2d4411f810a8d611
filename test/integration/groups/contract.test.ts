import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
const ChatId = z.object({ chat_id: z.string() })
let wecom: Wecom
let chatId = ''

const collect = async <T>(pages: AsyncIterable<T[]>): Promise<T[]> => {
  const found: T[] = []
  for await (const page of pages) found.push(...page)
  return found
}
const newGroup = async (name: string, owner = 'lina', kind = 'customer'): Promise<string> =>
  ChatId.parse(await world.act('groups', { name, owner, kind })).chat_id

beforeAll(async () => {
  wecom = world.adapter()
  chatId = await newGroup('会员群')
})

describe('groupchat/list and get', () => {
  it('lists by owner and status, in batches of 100 owners, and names the owners itself when WeCom wants that', async () => {
    await world.act('members', { userid: 'zhou', name: '周周', department: [1], leader: false })
    const orphan = await newGroup('等待继承', 'zhou')
    await world.act('members/zhou/leave', {})
    expect(await collect(wecom.read.groupChats())).toEqual(
      expect.arrayContaining([
        { chatId, status: 0 },
        { chatId: orphan, status: 1 },
      ]),
    )
    expect(await collect(wecom.read.groupChats(undefined, 1))).toEqual([{ chatId: orphan, status: 1 }])
    const before = await world.calls('/cgi-bin/externalcontact/groupchat/list')
    const owners = Array.from({ length: 150 }, (_, index) => `nobody${index}`)
    expect(await collect(wecom.read.groupChats([...owners, 'lina']))).toEqual([{ chatId, status: 0 }])
    expect((await world.calls('/cgi-bin/externalcontact/groupchat/list')) - before).toBe(2)
    await world.act('faults', {
      path: '/cgi-bin/externalcontact/groupchat/list',
      exact: true,
      times: 1,
      kind: 'errcode',
      errcode: 81017,
    })
    expect(await collect(wecom.read.groupChats())).toEqual([{ chatId, status: 0 }])
  })

  it('reads who is in a group, how they came and the notice', async () => {
    await world.act(`groups/${chatId}/change`, { notice: '周五上新' })
    const group = await wecom.read.groupChat(chatId)
    expect(group).toMatchObject({
      name: '会员群',
      owner: 'lina',
      notice: '周五上新',
      members: [{ id: 'lina', type: 1, joinScene: 1 }],
    })
    expect(group?.memberVersion).toMatch(/\w{32}/)
    expect(await wecom.read.groupChat(await newGroup('内部', 'lina', 'internal'))).toBeNull()
  })
})

describe('join ways', () => {
  const way = (chatIds: string[]) => ({
    remark: '立牌',
    chatIds,
    autoCreate: true,
    baseName: '福利群',
    baseNumber: 3,
    state: 'gjw_1',
  })

  it('are added, read, changed and deleted', async () => {
    const { configId } = await wecom.setup.addJoinWay(way([chatId]))
    expect(await wecom.read.joinWay(configId)).toMatchObject({ configId, ...way([chatId]) })
    await wecom.setup.updateJoinWay(configId, { ...way([chatId]), remark: '海报', autoCreate: false })
    expect(await wecom.read.joinWay(configId)).toMatchObject({ remark: '海报', autoCreate: false })
    await wecom.setup.deleteJoinWay(configId)
    await wecom.setup.deleteJoinWay(configId)
    expect(await wecom.read.joinWay(configId)).toBeNull()
    await expect(wecom.setup.updateJoinWay(configId, way([chatId]))).rejects.toMatchObject({
      kind: 'gone',
      errcode: 41044,
    })
  })

  it('with more than five groups or of another group are refused', async () => {
    const six = Array.from({ length: 6 }, () => chatId)
    await expect(wecom.setup.addJoinWay(way(six))).rejects.toMatchObject({ kind: 'refused' })
    await expect(wecom.setup.addJoinWay(way(['wrNOWHERE']))).rejects.toMatchObject({ kind: 'gone', errcode: 90501 })
  })

  it('whose answer is lost are ambiguous, and those that never left are not', async () => {
    const path = '/cgi-bin/externalcontact/groupchat/add_join_way'
    await world.act('faults', { path, exact: true, times: 1, kind: 'cut_after' })
    await expect(wecom.setup.addJoinWay(way([chatId]))).rejects.toMatchObject({ kind: 'ambiguous' })
  })
})

describe('group welcomes', () => {
  it('are added with any one attachment, read, changed and deleted', async () => {
    const link = { type: 'link' as const, title: '新人礼', url: 'https://example.com/' }
    const { templateId } = await wecom.setup.addGroupWelcome({ text: '欢迎', attachment: link }, { notify: false })
    expect(await wecom.read.groupWelcomeText(templateId)).toBe('欢迎')
    const picture = { type: 'image' as const, picUrl: 'https://example.com/a.png' }
    await wecom.setup.editGroupWelcome(templateId, { text: '', attachment: picture })
    expect(await wecom.read.groupWelcomeText(templateId)).toBe('')
    await wecom.setup.deleteGroupWelcome(templateId)
    await wecom.setup.deleteGroupWelcome(templateId)
    expect(await wecom.read.groupWelcomeText(templateId)).toBeNull()
  })

  it('beyond the hundredth are a matter for a person', async () => {
    await world.put('limits', { groupWelcomes: 0 })
    await expect(
      wecom.setup.addGroupWelcome({ text: '多一条', attachment: null }, { notify: false }),
    ).rejects.toMatchObject({ kind: 'config', errcode: 41055 })
  })
})

describe('statistics', () => {
  const dayMs = 86_400_000
  const midnight = (ago: number): Date => {
    const china = Math.floor((world.clock.now() + 8 * 3_600_000) / dayMs) - ago
    return new Date(china * dayMs - 8 * 3_600_000)
  }

  it('tell of owners over a span and by day', async () => {
    await world.advance(3 * dayMs)
    const [sum] = await wecom.read.groupStats(['lina'], midnight(3), midnight(2))
    expect(sum).toMatchObject({ owner: 'lina', numbers: { groups: 1, messages: 0 } })
    const days = await wecom.read.groupStatsByDay('lina', midnight(3), midnight(2))
    expect(days.map(({ day }) => day.getTime())).toEqual([midnight(3).getTime(), midnight(2).getTime()])
    expect(days.map(({ numbers }) => numbers.groups)).toEqual([1, 1])
  })

  it('reach 30 days and 180 days back, no further', async () => {
    await expect(wecom.read.groupStatsByDay('lina', midnight(40), midnight(1))).rejects.toMatchObject({
      errcode: 40058,
    })
    await expect(wecom.read.groupStatsByDay('lina', midnight(200), midnight(190))).rejects.toMatchObject({
      errcode: 40058,
    })
  })
})
