import { beforeAll, describe, expect, it } from 'vitest'
import type { Wecom } from '../../../server/wecom/types.ts'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()
let wecom: Wecom

const listed = async (from: Date, to: Date): Promise<string[]> => {
  const found: string[] = []
  for await (const page of wecom.read.contactWayIds({ from, to })) found.push(...page)
  return found
}
const near = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
const members = async (count: number): Promise<string[]> => {
  const ids = Array.from({ length: count }, (_, index) => `many${index}`)
  await Promise.all(ids.map((userid) => world.act('members', { userid, name: userid, department: [1] })))
  return ids
}

beforeAll(() => {
  wecom = world.adapter()
})

describe('contact ways over the wire', () => {
  it('are made, read, changed and deleted', async () => {
    const made = await wecom.setup.addContactWay({
      state: 's_07',
      remark: '七号店',
      userids: ['lina'],
      exclusive: true,
    })
    expect(made.qrCode).toMatch(/^http/)
    expect(await wecom.read.contactWay(made.configId)).toEqual({
      configId: made.configId,
      state: 's_07',
      remark: '七号店',
      skipVerify: true,
      markSource: true,
      exclusive: true,
      userids: ['lina'],
      departments: [],
      qrCode: made.qrCode,
    })
    await wecom.setup.updateContactWay(made.configId, {
      userids: ['wangwei', 'lina'],
      remark: '八号店',
      skipVerify: false,
      markSource: false,
      state: 's_08',
    })
    expect(await wecom.read.contactWay(made.configId)).toMatchObject({
      state: 's_08',
      remark: '八号店',
      skipVerify: false,
      markSource: false,
      userids: ['wangwei', 'lina'],
    })
    expect(await listed(near.from, near.to)).toContain(made.configId)
    await wecom.setup.deleteContactWay(made.configId)
    await wecom.setup.deleteContactWay(made.configId)
    expect(await wecom.read.contactWay(made.configId)).toBeNull()
    await expect(wecom.setup.updateContactWay(made.configId, { remark: 'x' })).rejects.toMatchObject({
      kind: 'gone',
      errcode: 41044,
    })
  })

  it('are listed page by page, within the span only', async () => {
    const made: string[] = []
    for (let index = 0; index < 3; index += 1) {
      made.push((await wecom.setup.addContactWay({ state: `p_${index}`, userids: ['lina'] })).configId)
    }
    const found = await listed(near.from, near.to)
    expect(made.every((id) => found.includes(id))).toBe(true)
    expect(await listed(new Date(0), near.from)).toEqual([])
  })

  it('hold at most 100 members, 30 characters of state and of remark: refused before the call', async () => {
    const before = await world.calls('/cgi-bin/externalcontact/add_contact_way')
    const ids = await members(101)
    const refused = { kind: 'refused', errcode: 40058 }
    const { setup } = wecom
    await expect(setup.addContactWay({ state: 's', userids: ids })).rejects.toMatchObject(refused)
    await expect(setup.addContactWay({ state: 's', userids: [] })).rejects.toMatchObject(refused)
    await expect(setup.addContactWay({ state: 's'.repeat(31), userids: ['lina'] })).rejects.toMatchObject(refused)
    await expect(setup.addContactWay({ state: 's', remark: '注'.repeat(31), userids: ['lina'] })).rejects.toMatchObject(
      refused,
    )
    expect(await world.calls('/cgi-bin/externalcontact/add_contact_way')).toBe(before)
    expect((await setup.addContactWay({ state: 's100', userids: ids.slice(0, 100) })).configId).not.toBe('')
  })

  it('say what is wrong with a member, and when the company has no way left', async () => {
    await world.act('members', { userid: 'asleep', name: '未激活', department: [1] })
    await world.act('members/asleep/status', { status: 4 })
    await expect(wecom.setup.addContactWay({ state: 's', userids: ['lina', 'asleep'] })).rejects.toMatchObject({
      kind: 'refused',
      errcode: 41054,
      hint: expect.stringContaining('asleep'),
    })
    await expect(wecom.setup.addContactWay({ state: 's', userids: ['nobody'] })).rejects.toMatchObject({
      kind: 'gone',
      errcode: 40003,
    })
    await world.act('faults', { path: '/cgi-bin/externalcontact/add_contact_way', kind: 'quota_used' })
    await expect(wecom.setup.addContactWay({ state: 's', userids: ['lina'] })).rejects.toMatchObject({
      kind: 'config',
      errcode: 41045,
    })
    await world.clear('faults')
  })

  it('are not made again by themselves when the answer is lost', async () => {
    await world.act('faults', { path: '/cgi-bin/externalcontact/add_contact_way', kind: 'cut_after', times: 1 })
    const before = (await listed(near.from, near.to)).length
    await expect(wecom.setup.addContactWay({ state: 'lost', userids: ['lina'] })).rejects.toMatchObject({
      kind: 'ambiguous',
    })
    expect((await listed(near.from, near.to)).length).toBe(before + 1)
  })
})
