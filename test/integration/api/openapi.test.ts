import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { openapi } from '../../../server/api/openapi.ts'

const Schema = z.record(z.string(), z.unknown())
const Content = z.record(z.string(), z.strictObject({ schema: Schema }))
const Parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query']),
  required: z.boolean(),
  schema: Schema,
})
const Operation = z.strictObject({
  operationId: z.string().min(1),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(1),
  description: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(Parameter),
  requestBody: z.strictObject({ content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.strictObject({ description: z.string(), content: Content }),
  ),
})
/** The parts of OpenAPI 3.1 this document uses; anything else in it is a mistake. */
const Document = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d+$/),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.url() })).min(1),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), Operation)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), Schema),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.enum(['http', 'apiKey']) })),
  }),
})

const document = Document.parse(JSON.parse(JSON.stringify(openapi(api, 'https://scrm.example.com', '1.2.3'))))
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
)
type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>
const rooms: Readonly<Record<string, Readonly<Record<string, AnyEndpoint>>>> = api
const endpoints = Object.entries(rooms).flatMap(([room, all]) =>
  Object.entries(all).map(([name, endpoint]) => ({ id: `${room}.${name}`, endpoint })),
)
const byId = new Map(operations.map((one) => [one.operation.operationId, one]))

describe('openapi.json', () => {
  it('has every declared endpoint once, with its method, path and permission, and no other', () => {
    expect(operations.map(({ operation }) => operation.operationId).sort()).toEqual(
      endpoints.map(({ id }) => id).sort(),
    )
    for (const { id, endpoint } of endpoints) {
      const found = byId.get(id)
      expect(found?.method, id).toBe(endpoint.method.toLowerCase())
      expect(found?.path.replace(/\{(\w+)\}/g, ':$1'), id).toBe(endpoint.path)
      expect(found?.operation.description, id).toBe(`Permission: ${endpoint.permission}`)
      const schemes = found?.operation.security.flatMap((one) => Object.keys(one))
      const wanted = { public: [], ingest: ['writeKey'], role: ['apiKey', 'session'] }
      const { permission } = endpoint
      expect(schemes, id).toEqual(wanted[permission === 'public' || permission === 'ingest' ? permission : 'role'])
      for (const scheme of schemes ?? []) expect(document.components.securitySchemes).toHaveProperty(scheme)
    }
  })

  it('names each path parameter of each path, once', () => {
    for (const { path, operation } of operations) {
      const inPath = operation.parameters.filter((parameter) => parameter.in === 'path')
      expect(inPath.map(({ name }) => name).sort(), path).toEqual(
        [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort(),
      )
      expect(inPath.every(({ required }) => required)).toBe(true)
      const names = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`)
      expect(new Set(names).size, path).toBe(names.length)
    }
  })

  it('holds only valid JSON Schema 2020-12, each reference of which leads somewhere', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    ajv.addSchema({ $id: 'https://zhiyin/openapi', ...document })
    const schemas = operations.flatMap(({ operation }) => [
      ...operation.parameters.map(({ schema }) => schema),
      ...[operation.requestBody, ...Object.values(operation.responses)].flatMap((one) =>
        Object.values(one?.content ?? {}).map(({ schema }) => schema),
      ),
    ])
    expect(schemas.length).toBeGreaterThan(100)
    for (const schema of [...schemas, ...Object.values(document.components.schemas)]) {
      expect(ajv.validateSchema(schema), JSON.stringify(ajv.errors)).toBe(true)
      const rooted: unknown = JSON.parse(
        JSON.stringify(schema, (key, value: unknown) =>
          key === '$ref' ? `https://zhiyin/openapi${String(value)}` : value,
        ),
      )
      expect(typeof ajv.compile(Schema.parse(rooted))).toBe('function')
    }
  }, 120_000)

  it('describes what the code really takes: a recall rule passes its schema, a wrong one does not', () => {
    const body = byId.get('rules.create')?.operation.requestBody?.content['application/json']?.schema
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const validate = ajv.compile({ ...body, components: document.components })
    const rule = {
      name: '沉默召回',
      trigger: { type: 'stage.entered', stages: ['silent'] },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId: 'con_1' }],
    }
    expect(validate(rule), JSON.stringify(validate.errors)).toBe(true)
    expect(validate({ ...rule, trigger: { type: 'stage.entered', stages: ['asleep'] } })).toBe(false)
    expect(validate({ ...rule, steps: [{ id: 's1', type: 'shout' }] })).toBe(false)
  })
})
