import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
  await sandbox.member('wang')
})
afterEach(() => sandbox.close())

const pair = (userid: string, external_userid: string) => ({ userid, external_userid })
const get = (external_userid: string) => sandbox.get('externalcontact/get', { external_userid })

test('tags hang on the pair: get names them, batch/get_by_user gives their ids', async () => {
  const { id } = await sandbox.friends('lina')
  await sandbox.act('add', pair('wang', id))
  const made = await sandbox.post('externalcontact/add_corp_tag', { group_name: '来源', tag: [{ name: '门店' }] })
  const tagId = z.object({ tag: z.tuple([z.object({ id: z.string() })]) }).parse(made['tag_group']).tag[0].id
  await sandbox.post('externalcontact/mark_tag', { ...pair('lina', id), add_tag: [tagId] })

  const named = [{ group_name: '来源', tag_name: '门店', tag_id: tagId, type: 1 }]
  expect((await get(id))['follow_user']).toMatchObject([
    { userid: 'lina', tags: named },
    { userid: 'wang', tags: [] },
  ])
  const batch = await sandbox.post('externalcontact/batch/get_by_user', { userid_list: ['lina', 'wang'] })
  expect(batch['external_contact_list']).toMatchObject([
    { follow_info: { userid: 'lina', tag_id: [tagId] } },
    { follow_info: { userid: 'wang', tag_id: [] } },
  ])

  await sandbox.post('externalcontact/del_corp_tag', { tag_id: [tagId] })
  expect((await get(id))['follow_user']).toMatchObject([{ tags: [] }, { tags: [] }])
  expect((await sandbox.post('externalcontact/get_corp_tag_list', {}))['tag_group']).toEqual([])
  expect((await sandbox.post('externalcontact/get_corp_tag_list', { tag_id: [tagId] }))['tag_group']).toMatchObject([
    { deleted: true, tag: [{ deleted: true }] },
  ])
})

test('what the API changes fires nothing; what people change by hand does', async () => {
  const { id } = await sandbox.friends('lina')
  const receiver = await sandbox.receiver()
  await sandbox.post('externalcontact/remark', { ...pair('lina', id), remark: '王哥', remark_mobiles: ['13800000000'] })
  await sandbox.post('externalcontact/add_corp_tag', { group_name: 'g', tag: [{ name: 't' }] })
  const [tag] = (await sandbox.state()).tags
  await sandbox.post('externalcontact/mark_tag', { ...pair('lina', id), add_tag: [tag?.id] })
  await sandbox.post('externalcontact/edit_corp_tag', { id: tag?.id, name: 't2' })
  expect(await sandbox.read('idle', z.unknown())).toEqual({ pendingCallbacks: 0 })
  expect(receiver.received).toHaveLength(0)

  await sandbox.act('remark', { ...pair('lina', id), remark: '老王' })
  await sandbox.act('tag', { ...pair('lina', id), add: [tag?.id] })
  await sandbox.act('console/tags', { group: 'h', names: ['u'] })
  const seen = (await receiver.until(4)).map((one) => /<ChangeType><!\[CDATA\[(\w+)/.exec(one.xml ?? '')?.[1])
  expect(seen.filter((one) => one === 'create')).toHaveLength(2)
  expect(seen.filter((one) => one === 'edit_external_contact')).toHaveLength(2)
  expect((await get(id))['follow_user']).toMatchObject([{ remark: '老王', remark_mobiles: ['13800000000'] }])
  await sandbox.post('externalcontact/remark', { ...pair('lina', id), remark_mobiles: [''] })
  expect((await get(id))['follow_user']).toMatchObject([{ remark_mobiles: [] }])
})

test('a member the customer deleted still sees him; a customer the member deleted is gone (84061)', async () => {
  const { id } = await sandbox.friends('lina')
  const receiver = await sandbox.receiver()
  await sandbox.act('delete-by-customer', pair('lina', id))
  expect(await get(id)).toMatchObject({ errcode: 0 })
  await expect(sandbox.act('say', { from: 'member', ...pair('lina', id), text: '在吗' })).rejects.toThrow(/not friends/)
  await sandbox.act('delete-by-member', pair('lina', id))
  expect(await get(id)).toMatchObject({ errcode: 84061 })
  expect(await sandbox.get('externalcontact/list', { userid: 'lina' })).toMatchObject({ errcode: 84061 })
  const xml = (await receiver.until(2)).map((one) => one.xml ?? '')
  expect(xml.some((one) => one.includes('[del_follow_user]'))).toBe(true)
  expect(xml.some((one) => one.includes('[del_external_contact]'))).toBe(true)
})

test('batch/get_by_user pages through everybody once, even when somebody leaves in between', async () => {
  const ids: string[] = []
  for (let i = 0; i < 25; i++) ids.push((await sandbox.friends('lina')).id)
  const seen = new Set<string>()
  let cursor = ''
  do {
    const page = await sandbox.post('externalcontact/batch/get_by_user', { userid_list: ['lina'], limit: 10, cursor })
    const list = z
      .array(z.object({ external_contact: z.object({ external_userid: z.string() }) }))
      .parse(page['external_contact_list'])
    for (const one of list) seen.add(one.external_contact.external_userid)
    if (cursor === '') await sandbox.act('delete-by-member', pair('lina', ids[2] ?? ''))
    cursor = z.string().parse(page['next_cursor'])
  } while (cursor !== '')
  expect(seen).toEqual(new Set(ids))
})

test('a member who left is reported and no longer listed', async () => {
  const receiver = await sandbox.receiver()
  await sandbox.act('members/wang/leave')
  expect((await receiver.until(1))[0]?.xml).toContain('[delete_user]')
  expect((await sandbox.get('externalcontact/get_follow_user_list'))['follow_user']).toEqual(['lina'])
})
