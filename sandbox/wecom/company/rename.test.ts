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

test('what waits for a member waits for him under his new userid', async () => {
  const { id: customer } = await sandbox.friends('wang')
  const pair = { handover_userid: 'wang', takeover_userid: 'lina' }
  await sandbox.post('externalcontact/transfer_customer', { ...pair, external_userid: [customer] })
  const range = { sender_list: { user_list: ['lina'] } }
  const task = { text: { content: '上新' }, visible_range: range }
  const { jobid } = await sandbox.post('externalcontact/add_moment_task', task)
  const link = { link_name: '抖音', range: { user_list: ['lina'] } }
  const made = await sandbox.post('externalcontact/customer_acquisition/create_link', link)
  const { link_id } = z.object({ link: z.object({ link_id: z.string() }) }).parse(made).link
  await sandbox.act('app/range', { range: { users: ['lina', 'wang'], parties: [1] } }, 'PUT')

  await sandbox.act('members/lina/rename', { new_userid: 'lina.li' })

  await sandbox.advance(86_400_000 + 2000)
  const moved = { handover_userid: 'wang', takeover_userid: 'lina.li' }
  const results = await sandbox.post('externalcontact/transfer_result', moved)
  expect(results).toMatchObject({ customer: [{ external_userid: customer, status: 1 }] })
  const moments = z.array(z.object({ moment_id: z.string(), userid: z.string() }))
  const waiting = await sandbox.read('moments?userid=lina.li', moments)
  expect(waiting).toHaveLength(1)
  expect(await sandbox.act(`moments/${waiting[0]?.moment_id}/publish`, { userid: 'lina.li' })).toMatchObject({
    seen: [customer],
  })
  expect(typeof jobid).toBe('string')
  const added = await sandbox.act('acquisition/add', { link_id, external_userid: await sandbox.customer() })
  expect(added).toMatchObject({ userid: 'lina.li' })
  expect(await sandbox.get('agent/get', { agentid: '1000002' })).toMatchObject({
    allow_userinfos: { user: [{ userid: 'lina.li' }, { userid: 'wang' }] },
  })
})
