import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { endpoints, files } from './endpoints.ts'

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

/** `contract` itself sees to it that every endpoint of a file has a row with its requests. */
test('every file of endpoints has a contract test, and no path is served twice', () => {
  const folder = new URL('.', import.meta.url)
  const tests = readdirSync(folder)
    .filter((name) => name.endsWith('.contract.test.ts'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  const untested = Object.keys(files).filter(
    (name) => !tests.some((test) => test.includes(`\ncontract(${name}, `) || test.includes(`\ntest.each(${name}.`)),
  )
  expect(untested).toEqual([])
  const served = endpoints.map((one) => one.path)
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
