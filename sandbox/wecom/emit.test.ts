import { afterEach, beforeEach, expect, test } from 'vitest'
import { EVENTS } from './callback/catalog/catalog.ts'
import { emit, readRequest } from './callback/emit-command.ts'
import { startSandbox, type Sandbox } from './testing/harness.ts'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await startSandbox()
  await sandbox.member('lina')
})
afterEach(() => sandbox.close())

const run = async (...args: string[]): Promise<{ ok: boolean; text: string }> => {
  const request = readRequest(args)
  if (typeof request === 'string') return { ok: false, text: request }
  const lines: string[] = []
  const ok = await emit(sandbox.url, request, (line) => lines.push(line))
  return { ok, text: lines.join('\n') }
}

test('an event by its short name, for people of the company, with a welcome code that works', async () => {
  const { id } = await sandbox.friends('lina')
  const receiver = await sandbox.receiver()
  const { ok, text } = await run('add_external_contact', 'State=store_07')
  expect(ok).toBe(true)
  expect(text).toMatch(/\[store_07\][^]*delivered \(HTTP 200 in \d+ ms\)/)
  const xml = receiver.received[0]?.xml ?? ''
  expect(xml).toContain(`<ExternalUserID><![CDATA[${id}]]>`)
  const welcome_code = /<WelcomeCode><!\[CDATA\[(\w+)/.exec(xml)?.[1]
  expect(
    await sandbox.post('externalcontact/send_welcome_msg', { welcome_code, text: { content: '欢迎' } }),
  ).toMatchObject({ errcode: 0 })
})

test('flags bend the delivery', async () => {
  const receiver = await sandbox.receiver()
  expect((await run('change_external_chat.create', '--twice')).ok).toBe(true)
  expect(receiver.received).toHaveLength(2)
  receiver.next.push({ status: 403 })
  expect(await run('edit_external_contact', '--wrong-receiver')).toMatchObject({
    ok: false,
    text: expect.stringContaining('not accepted, 1 attempt (HTTP 403'),
  })
})

test('every known event can be emitted as it stands', async () => {
  const receivers = [await sandbox.receiver(), await sandbox.botReceiver()]
  for (const name of Object.keys(EVENTS)) expect(await run(name)).toMatchObject({ ok: true })
  expect(receivers.flatMap(({ received }) => received).every((one) => one.signed)).toBe(true)
})

test('what cannot be understood says so, with what there is', async () => {
  expect((await run('add_friend')).text).toMatch(
    /unknown event "add_friend"\n {2}change_external_contact\.add_external_contact/,
  )
  expect((await run('create')).text).toMatch(
    /ambiguous\n {2}change_external_chat\.create\n {2}change_external_tag\.create$/,
  )
  expect((await run('del_follow_user', '--thrice')).text).toMatch(/unknown flag --thrice/)
  expect((await run()).text).toMatch(/^which event/)
  expect((await run('del_follow_user')).text).toMatch(/no callback URL/)
})

test('a stand-in that is not there', async () => {
  const request = readRequest(['subscribe'])
  if (typeof request === 'string') throw new Error(request)
  await expect(emit('http://127.0.0.1:1', request, () => undefined)).rejects.toThrow(/no WeCom stand-in answers/)
})
