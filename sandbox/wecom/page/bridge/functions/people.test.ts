// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { type Client, endOf, openClient } from '../testing/client.ts'

let client: Client
beforeEach(async () => {
  client = await openClient()
  client.register()
})

it.each([
  ['a customer', 'external', 'wm1', 'ok', [['openCard', 'wm1']]],
  ['a colleague', 'internal', 'lina', 'ok', [['openCard', 'lina']]],
  ['no stranger', 'external', 'wm9', 'fail no permission', []],
] as const)('openUserProfile shows %s', async (_case, type, userid, ending, acts) => {
  const { ww } = client
  const end = await endOf(ww.openUserProfile({ type: ww.OpenUserProfileType[type], userid }))
  expect(end).toMatchObject({ errMsg: `openUserProfile:${ending}` })
  expect(client.acts).toEqual(acts)
})

it('navigateToAddCustomer opens that page', async () => {
  await client.ww.navigateToAddCustomer()
  expect(client.acts).toEqual([['openAddCustomer']])
})

it('selectExternalContact answers who was chosen', async () => {
  const { ww } = client
  const filterType = ww.SelectExternalContactType.unselected
  await expect(ww.selectExternalContact({ filterType })).resolves.toMatchObject({ userIds: ['wm2'] })
  client.picked = undefined
  expect(await endOf(ww.selectExternalContact())).toMatchObject({ errMsg: 'selectExternalContact:cancel' })
})

it('selectEnterpriseContact names the colleagues chosen', async () => {
  const { ww } = client
  client.picked = ['zhangwei']
  const wish = {
    fromDepartmentId: -1,
    mode: ww.SelectEnterpriseContactMode.multi,
    type: [ww.SelectEnterpriseContactType.user],
  }
  const userList = [{ id: 'zhangwei', name: 'zhangwei', avatar: '' }]
  await expect(ww.selectEnterpriseContact(wish)).resolves.toMatchObject({ result: { departmentList: [], userList } })
  const both = { ...wish, type: [ww.SelectEnterpriseContactType.department, ww.SelectEnterpriseContactType.user] }
  const departmentList = [{ id: '1', name: '门店' }]
  await expect(ww.selectEnterpriseContact(both)).resolves.toMatchObject({ result: { departmentList, userList } })
  client.picked = undefined
  expect(await endOf(ww.selectEnterpriseContact(wish))).toMatchObject({ errMsg: 'selectEnterpriseContact:cancel' })
})

it('selectExternalChat is for third-party apps', async () => {
  expect(await endOf(client.ww.selectExternalChat())).toMatchObject({ errMsg: 'selectExternalChat:fail no permission' })
})
