import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox } from '../testing/harness.ts'

const DAY_MS = 86_400_000

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'wecom-agenda-'))
})
afterEach(() => rmSync(data, { recursive: true }))

test('what is due comes due after a restart too', async () => {
  const before = await startSandbox({ data })
  await before.member('lina')
  await before.member('wang')
  const { id } = await before.friends('lina')
  const pair = { handover_userid: 'lina', takeover_userid: 'wang' }
  await before.post('externalcontact/transfer_customer', { ...pair, external_userid: [id] })
  const expires = Date.now() + 15 * DAY_MS
  await before.act('acquisition/quota', { parts: [{ balance: 5, expires }] }, 'PUT')
  await before.close()

  const after = await startSandbox({ data })
  const receiver = await after.receiver()
  await after.advance(DAY_MS + 60_000)
  expect(await after.post('externalcontact/transfer_result', pair)).toMatchObject({ customer: [{ status: 1 }] })
  await after.advance(DAY_MS)
  const xml = (await receiver.until(3)).map((one) => one.xml).join()
  for (const part of ['DELETE_BY_TRANSFER', 'add_external_contact', 'quota_expire_soon']) expect(xml).toContain(part)
  await after.close()
})
