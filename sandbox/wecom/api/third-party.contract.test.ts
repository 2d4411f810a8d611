import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { thirdParty } from './id-conversion.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test.each(thirdParty.map((one) => one.path))('%s is refused to a self-built app', async (path) => {
  for (const secret of ['contact', 'agent', 'sync'] as const) {
    const token = await sandbox.token(secret)
    expect(await sandbox.post(path.slice('/cgi-bin/'.length), {}, token)).toMatchObject({ errcode: 48002 })
  }
})
