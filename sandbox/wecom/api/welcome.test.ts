import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
})
afterEach(() => sandbox.close())

const welcome = (welcome_code: string, text = '欢迎') =>
  sandbox.post('externalcontact/send_welcome_msg', { welcome_code, text: { content: text } })

test('a code works once', async () => {
  const { id, code } = await sandbox.friends('lina')
  expect(await welcome(code)).toMatchObject({ errcode: 0 })
  expect(await welcome(code)).toMatchObject({ errcode: 41051 })
  expect(await sandbox.ledger(`to=${id}`)).toMatchObject([
    { via: 'welcome', from: 'lina', text: '欢迎', request: code },
  ])
})

test('a code lives 20 s on the clock of the stand-in', async () => {
  const early = await sandbox.friends('lina')
  await sandbox.advance(18_000)
  expect(await welcome(early.code)).toMatchObject({ errcode: 0 })
  const late = await sandbox.friends('lina')
  await sandbox.advance(20_001)
  expect(await welcome(late.code)).toMatchObject({ errcode: 41050 })
  expect(await sandbox.ledger(`to=${late.id}`)).toEqual([])
})

test('once somebody has talked it is too late', async () => {
  const { id, code } = await sandbox.friends('lina')
  await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid: id, text: '你好' })
  expect(await welcome(code)).toMatchObject({ errcode: 41051 })
})

test('two customers added in one second have a code each', async () => {
  const [a, b] = await Promise.all([sandbox.friends('lina'), sandbox.friends('lina')])
  expect(a.code).not.toBe(b.code)
  expect(await welcome(a.code)).toMatchObject({ errcode: 0 })
  expect(await welcome(b.code)).toMatchObject({ errcode: 0 })
})
