import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { startSandbox, type Sandbox } from '../testing/harness.ts'
import { WecomOptions } from '../options.ts'
import { createWorld, type World } from '../world.ts'
import { admin } from './api.ts'
import { createAdminClient } from './client.ts'
import { adminRouter } from './routes.ts'

let sandbox: Sandbox
let world: World
beforeAll(async () => {
  sandbox = await startSandbox()
  world = createWorld(WecomOptions.parse({}))
})
afterAll(async () => {
  await sandbox.close()
  await world.close()
})

const Operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().min(1),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() })),
  responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })),
})
const Document = z.object({
  openapi: z.literal('3.1.0'),
  info: z.object({ title: z.string(), version: z.string() }),
  servers: z.array(z.object({ url: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})
const document = () => sandbox.read('openapi.json', Document)

test('every admin route is in the document, and nothing else is', async () => {
  const { paths } = await document()
  const told = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = adminRouter(world)
    .stack.filter((route) => !route.path.startsWith('/sandbox/docs'))
    .flatMap((route) =>
      route.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`),
    )
  expect(told.toSorted()).toEqual(served.toSorted())
  expect(told.length).toBeGreaterThan(50)
})

test('the document holds together: ids differ, path parameters are declared, schemas compile', async () => {
  const { paths, components } = await document()
  const operations = Object.entries(paths).flatMap(([path, each]) =>
    Object.values(each).map((operation) => ({ path, operation })),
  )
  const ids = operations.map(({ operation }) => operation.operationId)
  expect(new Set(ids).size).toBe(ids.length)
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  for (const { path, operation } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    expect(operation.parameters.filter((one) => one.in === 'path').map((one) => one.name)).toEqual(named)
    for (const { content } of Object.values(operation.responses))
      for (const { schema } of Object.values(content))
        expect(() => ajv.compile({ components, ...Object(schema) })).not.toThrow()
  }
})

test('there is a page that shows it', async () => {
  const page = await fetch(`${sandbox.url}/sandbox/docs`)
  const html = await page.text()
  expect(html).toContain('/sandbox/api/openapi.json')
  for (const [, asset = ''] of html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)) {
    const response = await fetch(new URL(asset, page.url))
    expect(response.status).toBe(200)
    expect((await response.text()).length).toBeGreaterThan(10_000)
  }
})

test('the typed client: answers checked by the contract, refusals with their reason, nobody there', async () => {
  const call = createAdminClient(sandbox.url)
  await call(admin.company.saveMember, { body: { userid: 'lina', name: '李娜' } })
  const { external_userid } = await call(admin.customers.create, { body: { name: '王 小明/&' } })
  const { chat_id } = await call(admin.groups.create, { body: { name: '群', owner: 'lina' } })
  const joined = await call(admin.groups.join, { params: { chat_id }, body: { id: external_userid } })
  expect(joined.members).toHaveLength(2)
  await expect(call(admin.company.leave, { params: { userid: 'no/body?' } })).rejects.toMatchObject({
    name: 'AdminError',
    status: 404,
    message: 'POST /sandbox/api/members/no%2Fbody%3F/leave answered 404: member no/body? not found',
  })
  await expect(createAdminClient('http://127.0.0.1:1')(admin.company.state)).rejects.toMatchObject({ status: 0 })
  // @ts-expect-error a name is needed
  await expect(call(admin.customers.create, { body: {} })).rejects.toThrow(/400.*name/s)
})
