import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
const Made = z.object({ external_userid: z.string() })
let wecom: Wecom
let customer = ''

const make = async (text: string): Promise<string> => {
  const body = { text, attachments: [] }
  const to = { chatType: 'single' as const, sender: 'lina', externalUserIds: [customer] }
  return (await wecom.write.addMassMessage({ ...to, body })).msgid
}
const listed = (chatType: 'single' | 'group') =>
  wecom.read.listGroupMessages({
    chatType,
    from: new Date(world.clock.now() - 86_400_000),
    to: new Date(world.clock.now() + 60_000),
  })

beforeAll(async () => {
  wecom = world.adapter()
  customer = Made.parse(await world.act('customers', { name: '陈静' })).external_userid
  await world.act('add', { userid: 'lina', external_userid: customer })
})

describe('the list of mass messages', () => {
  it('tells the corp’s from those members made by hand, of customers and of groups', async () => {
    const msgid = await make('企业的')
    await world.act('mass', { userid: 'lina', external_userids: [customer], text: '自己的' })
    const { chat_id } = z
      .object({ chat_id: z.string() })
      .parse(await world.act('groups', { name: 'VIP 群', owner: 'lina', kind: 'customer' }))
    await world.act('mass', { userid: 'lina', chat_ids: [chat_id], text: '群里的' })
    const single = await listed('single')
    expect(single.find((one) => one.msgid === msgid)).toMatchObject({ text: '企业的', byMember: false })
    const own = single.find(({ text }) => text === '自己的')
    expect(own).toMatchObject({ byMember: true, creator: 'lina' })
    const results = await wecom.read.groupMessageResults(own?.msgid ?? '', 'lina')
    expect(results).toMatchObject([{ externalUserId: customer, status: 'sent' }])
    const [group] = await listed('group')
    expect(group).toMatchObject({ text: '群里的', byMember: true })
    expect(await wecom.read.groupMessageResults(group?.msgid ?? '', 'lina')).toMatchObject([
      { chatId: chat_id, status: 'sent' },
    ])
  })

  it('is walked over many pages', async () => {
    const before = (await listed('single')).length
    for (let index = 0; index < 105; index += 1) await make(`第 ${index} 条`)
    expect(await listed('single')).toHaveLength(before + 105)
  })
})

describe('what has not been confirmed', () => {
  it('is reminded of three times a day, and the fourth is refused (41094)', async () => {
    const msgid = await make('提醒')
    for (let time = 0; time < 3; time += 1) await wecom.setup.remindMassMessage(msgid)
    await expect(wecom.setup.remindMassMessage(msgid)).rejects.toMatchObject({ kind: 'refused', errcode: 41094 })
    await expect(wecom.setup.remindMassMessage('nothing')).rejects.toMatchObject({ errcode: 41047 })
  })

  it('is cancelled, and cancelling again is as good (41093)', async () => {
    const msgid = await make('取消')
    await wecom.setup.cancelMassMessage(msgid)
    await wecom.setup.cancelMassMessage(msgid)
    await expect(world.act(`tasks/${msgid}/confirm`, { userid: 'lina' })).rejects.toThrow()
    expect(await wecom.read.groupMessageTasks(msgid)).toEqual([{ userid: 'lina', sent: false }])
    await expect(wecom.setup.cancelMassMessage('nothing')).rejects.toMatchObject({ kind: 'gone', errcode: 41047 })
  })

  it('a lost answer of a reminder is ambiguous; of a cancellation it is asked again', async () => {
    const msgid = await make('丢了')
    const path = (name: string) => `/cgi-bin/externalcontact/${name}_groupmsg_send`
    await world.act('faults', { path: path('remind'), kind: 'cut_after', times: 1 })
    await expect(wecom.setup.remindMassMessage(msgid)).rejects.toMatchObject({ kind: 'ambiguous' })
    await world.act('faults', { path: path('cancel'), kind: 'cut_after', times: 1 })
    await expect(wecom.setup.cancelMassMessage(msgid)).resolves.toBeUndefined()
  })
})
