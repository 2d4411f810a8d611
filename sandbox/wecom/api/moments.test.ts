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

const add = async (visible_range?: object) => {
  const { jobid } = await sandbox.post('externalcontact/add_moment_task', { text: { content: '上新' }, visible_range })
  return String(jobid)
}
const result = (jobid: string) => sandbox.get('externalcontact/get_moment_task_result', { jobid })
const momentOf = async (jobid: string) => {
  await sandbox.advance(2000)
  return z.object({ moment_id: z.string() }).parse((await result(jobid))['result']).moment_id
}
const publish = (moment: string, userid: string) => sandbox.act(`moments/${moment}/publish`, { userid })
const seenBy = async (moment_id: string, userid: string) =>
  (await sandbox.post('externalcontact/get_moment_send_result', { moment_id, userid }))['customer_list']

test('the job is queued, running, done; its moment is not there before; the id lives 24 hours', async () => {
  const jobid = await add()
  expect(await result(jobid)).toMatchObject({ errcode: 0, status: 1 })
  await sandbox.advance(700)
  expect(await result(jobid)).toMatchObject({ status: 2 })
  await sandbox.advance(700)
  expect(await result(jobid)).toMatchObject({ status: 3, result: { errcode: 0 } })
  await sandbox.advance(86_400_000)
  expect(await result(jobid)).toMatchObject({ errcode: 40058 })
})

test('nothing is seen before the member publishes; then his customers with one of the tags see it, once', async () => {
  await sandbox.act('console/tags', { group: '等级', names: ['金'] })
  const tag = (await sandbox.state()).tags[0]?.id ?? ''
  const { id: gold } = await sandbox.friends('lina')
  await sandbox.friends('lina')
  await sandbox.post('externalcontact/mark_tag', { userid: 'lina', external_userid: gold, add_tag: [tag] })
  const range = { sender_list: { user_list: ['lina'] }, external_contact_list: { tag_list: [tag] } }
  const moment = await momentOf(await add(range))
  expect(await sandbox.ledger('via=moment')).toEqual([])
  expect(await publish(moment, 'lina')).toMatchObject({ seen: [gold] })
  expect(await sandbox.ledger('via=moment')).toMatchObject([{ to: { id: gold }, from: 'lina', request: moment }])
  expect(await seenBy(moment, 'lina')).toEqual([{ external_userid: gold }])
  await expect(publish(moment, 'lina')).rejects.toThrow('409')
  await expect(publish(moment, 'wang')).rejects.toThrow('no task')
})

test('a customer sees so many moments of one member in a month', async () => {
  const { id } = await sandbox.friends('lina')
  await sandbox.act('limits', { momentsPerMonth: 1 }, 'PUT')
  const first = await momentOf(await add())
  const second = await momentOf(await add())
  await publish(first, 'lina')
  await publish(second, 'lina')
  expect(await seenBy(first, 'lina')).toEqual([{ external_userid: id }])
  expect(await seenBy(second, 'lina')).toEqual([])
  const wanted = await sandbox.post('externalcontact/get_moment_customer_list', { moment_id: second, userid: 'lina' })
  expect(wanted['customer_list']).toEqual([{ userid: 'lina', external_userid: id }])
})

test('unknown senders and tags are named; nobody left to publish is an error in the result', async () => {
  const unknown = { sender_list: { user_list: ['lina', 'nobody'], department_list: [99] } }
  const first = await add(unknown)
  const second = await add({ sender_list: { user_list: ['nobody'] } })
  const third = await add({ external_contact_list: { tag_list: ['etNONE'] } })
  await sandbox.advance(2000)
  const lists = { user_list: ['nobody'], department_list: [99] }
  expect(await result(first)).toMatchObject({ result: { errcode: 0, invalid_sender_list: lists } })
  expect(await result(second)).toMatchObject({ status: 3, result: { errcode: 41048 } })
  const tags = { tag_list: ['etNONE'] }
  expect(await result(third)).toMatchObject({ result: { errcode: 41048, invalid_external_contact_list: tags } })
})

test('a cancelled moment can not be published any more; what was published stays', async () => {
  await sandbox.friends('lina')
  const moment_id = await momentOf(await add())
  await publish(moment_id, 'lina')
  expect(await sandbox.post('externalcontact/cancel_moment_task', { moment_id })).toMatchObject({ errcode: 0 })
  await expect(publish(moment_id, 'wang')).rejects.toThrow('cancelled')
  expect(await sandbox.ledger('via=moment')).toHaveLength(1)
  expect(await sandbox.read('moments?userid=wang', z.array(z.looseObject({})))).toMatchObject([{ status: 'cancelled' }])
})

test('ten tasks a minute, so many pending', async () => {
  await sandbox.act('limits', { momentTasksPending: 1 }, 'PUT')
  await add()
  expect(await sandbox.post('externalcontact/add_moment_task', { text: { content: 'x' } })).toMatchObject({
    errcode: 41078,
  })
  await sandbox.act('limits', { momentTasksPerMinute: 1, momentTasksPending: 100 }, 'PUT')
  const codes = [await add(), await add()]
  expect(codes[1]).toBe('undefined')
  expect(await sandbox.post('externalcontact/add_moment_task', { text: { content: 'x' } })).toMatchObject({
    errcode: 45009,
  })
})

test('a moment still being dispatched is 41079', async () => {
  await add()
  const moments = z.array(z.looseObject({ moment_id: z.string() }))
  expect(await sandbox.read('moments', moments)).toEqual([])
  const jobid = await add()
  const moment_id = await momentOf(jobid)
  await sandbox.act('clock/set', { now: (await sandbox.state()).now - 60_000 })
  expect(await sandbox.post('externalcontact/get_moment_task', { moment_id })).toMatchObject({ errcode: 41079 })
})
