import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { endpoints } from './endpoints.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

test('every served path has a contract test, and no path is served twice', () => {
  const folder = new URL('.', import.meta.url)
  const files = readdirSync(folder).filter((name) => name.endsWith('.contract.test.ts'))
  const tests = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const tested = new Set([...tests.matchAll(/^ {2}'(\/cgi-bin\/[^']+)': \{/gm)].map((match) => match[1]))
  const served = endpoints.map((one) => one.path)
  expect(served.filter((path) => !tested.has(path))).toEqual([])
  expect(served).toHaveLength(new Set(served).size)
})

test('an unknown path is a 404', async () => {
  expect((await fetch(`${sandbox.url}/cgi-bin/externalcontact/send_now`)).status).toBe(404)
})

test('a body that is not JSON, is a list, or escapes Chinese is refused', async () => {
  const token = await sandbox.token()
  const send = async (body: string) => {
    const response = await fetch(`${sandbox.url}/cgi-bin/externalcontact/remark?access_token=${token}`, {
      method: 'POST',
      body,
    })
    return z.looseObject({ errcode: z.int(), errmsg: z.string() }).parse(await response.json())
  }
  expect(await send('{oops')).toMatchObject({ errcode: 40063, errmsg: expect.stringContaining('wrong json format') })
  expect(await send('[]')).toMatchObject({ errcode: 40063 })
  expect(await send('{"remark":"\\u8001"}')).toMatchObject({ errcode: 40033 })
  expect(await send('{"remark":"a\\\\u8001"}')).toMatchObject({ errcode: 40003 })
})
