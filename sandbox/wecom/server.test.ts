import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { LiveEvent } from './admin/contract.ts'
import { startWecom } from './server.ts'
import { startSandbox, type Sandbox } from './testing/harness.ts'

const open: { close(): Promise<void> }[] = []
const dirs: string[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true })
})
const start = async (...args: Parameters<typeof startSandbox>): Promise<Sandbox> => {
  const sandbox = await startSandbox(...args)
  open.push(sandbox)
  return sandbox
}
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'wecom-test-'))
  dirs.push(dir)
  return dir
}

test('a restart goes on where the last run ended: people, tags, messages, clock, tokens, settings', async () => {
  const data = folder()
  const first = await start({ data })
  await first.receiver()
  await first.member('lina')
  const { id } = await first.friends('lina')
  await first.act('clock/advance', { ms: 86_400_000 })
  const { msgid } = await first.post('externalcontact/add_msg_template', {
    external_userid: [id],
    text: { content: 'hi' },
  })
  const token = await first.token()
  const before = await first.state()
  await first.close()
  open.length = 0

  const second = await start({ data })
  const after = await second.state()
  const lasting = ({ members: _avatars, customers: _also, now: _now, ...rest }: typeof before): object => rest
  expect(lasting(after)).toEqual(lasting(before))
  expect(after.now - Date.now()).toBeGreaterThan(86_000_000)
  expect(await second.get('getcallbackip', {}, token)).toMatchObject({ errcode: 0 })
  await second.act(`tasks/${String(msgid)}/confirm`, { userid: 'lina' })
  expect(await second.ledger(`to=${id}`)).toHaveLength(1)
})

test('a kill -9 loses at most the last second', async () => {
  const data = folder()
  const child = spawn(process.execPath, [join(import.meta.dirname, '../dist/wecom.js'), '--port', '0', '--data', data])
  children.push(child)
  const line = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString())),
  )
  const { port, webviewPort } = z
    .object({ ready: z.literal(true), port: z.int(), webviewPort: z.null() })
    .parse(JSON.parse(line))
  expect(webviewPort).toBeNull()
  const post = (userid: string) =>
    fetch(`http://127.0.0.1:${port}/sandbox/api/members`, { method: 'POST', body: JSON.stringify({ userid }) })
  await post('lina')
  await wait(1000)
  await post('wang')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
  const again = await start({ data })
  expect((await again.state()).members.map((one) => one.userid)).toContain('lina')
})

test('reset empties the company and keeps the settings', async () => {
  const sandbox = await start()
  const receiver = await sandbox.receiver()
  await sandbox.member('lina')
  await sandbox.friends('lina')
  await sandbox.act('reset')
  expect(await sandbox.state()).toMatchObject({
    members: [],
    customers: [],
    relations: [],
    app: { callbackUrl: receiver.url },
  })
  expect(await sandbox.ledger()).toEqual([])
})

test('the page hears what happens', async () => {
  const sandbox = await start()
  await sandbox.member('lina')
  const { id } = await sandbox.friends('lina')
  const gone = new AbortController()
  const stream = await fetch(`${sandbox.url}/sandbox/api/events`, { signal: gone.signal })
  expect(stream.headers.get('content-type')).toBe('text/event-stream')
  const heard: z.output<typeof LiveEvent>[] = []
  const reading = (async () => {
    for await (const chunk of stream.body ?? []) {
      for (const [, data = ''] of Buffer.from(chunk)
        .toString()
        .matchAll(/^data: (.*)$/gm))
        heard.push(LiveEvent.parse(JSON.parse(data)))
    }
  })()
  await sandbox.act('say', { from: 'member', userid: 'lina', external_userid: id, text: '您好' })
  await sandbox.act('clock/advance', { ms: 1000 })
  await sandbox.act('callbacks', { fields: { Event: 'subscribe' } })
  await expect
    .poll(() => new Set(heard.map((one) => one.type)))
    .toEqual(new Set(['clock', 'ledger', 'state', 'callback']))
  expect(heard.find((one) => one.type === 'ledger')).toMatchObject({ entry: { text: '您好' } })
  expect(heard.find((one) => one.type === 'state')).toMatchObject({ what: expect.arrayContaining(['relations']) })
  gone.abort()
  await expect(reading).rejects.toThrow(/abort/i)
})

test('conversations hold both sides in order', async () => {
  const sandbox = await start()
  await sandbox.member('lina')
  const { id, code } = await sandbox.friends('lina')
  await sandbox.post('externalcontact/send_welcome_msg', { welcome_code: code, text: { content: '欢迎' } })
  await sandbox.act('say', { from: 'customer', userid: 'lina', external_userid: id, text: '谢谢' })
  await sandbox.act('say', {
    from: 'member',
    userid: 'lina',
    external_userid: id,
    text: '[图片]',
    msgtype: 'image',
    content: { mediaid: 'm' },
  })
  const lines = await sandbox.read(`chat?userid=lina&external_userid=${id}`, z.array(z.looseObject({})))
  expect(lines).toMatchObject([
    { via: 'welcome', text: '欢迎' },
    { via: 'chat', from: id, text: '谢谢' },
    { via: 'chat', msgtype: 'image', content: { mediaid: 'm' } },
  ])
})

test('bad acts are refused with a reason, unknown ones are 404', async () => {
  const sandbox = await start()
  await expect(sandbox.act('add', { userid: 'nobody', external_userid: 'x' })).rejects.toThrow(
    /404.*member nobody not found/,
  )
  await expect(sandbox.act('clock/advance', { ms: 'soon' })).rejects.toThrow(/400.*expected number/)
  await expect(sandbox.act('teleport', {})).rejects.toThrow('404')
})

test('the chat page is served from its folder, and nothing outside it', async () => {
  const root = folder()
  mkdirSync(join(root, 'page', 'assets'), { recursive: true })
  writeFileSync(join(root, 'secret.txt'), 'secret')
  writeFileSync(join(root, 'page', 'index.html'), '<p>page</p>')
  writeFileSync(join(root, 'page', 'assets', 'a.js'), 'let a')
  const { url } = await start({ page: join(root, 'page') })
  const get = async (path: string) => (await fetch(url + path)).text()
  expect(await get('/')).toBe('<p>page</p>')
  expect(await get('/chat/lina')).toBe('<p>page</p>')
  expect(await get('/assets/a.js')).toBe('let a')
  expect((await fetch(`${url}/assets/b.js`)).status).toBe(404)
  expect((await fetch(`${url}/..%2fsecret.txt`)).status).toBe(404)
  expect((await fetch(`${url}/sandbox/api/nothing`)).status).toBe(404)
})

test('a port that is taken is an error, and nothing keeps running', async () => {
  const { wecom } = await start()
  await expect(startWecom({ port: wecom.port })).rejects.toThrow(/EADDRINUSE/)
})
