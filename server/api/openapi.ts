import { z } from 'zod'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { ErrorBody } from '@zhiyin/shared/errors'

type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>
type Json = { [key: string]: unknown }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Moves the `$defs` of one schema into the document's components and points its references there. */
const lift = (value: unknown, components: Json): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => lift(item, components))
  if (!isObject(value)) return value
  const lifted: Json = {}
  for (const [key, child] of Object.entries(value)) {
    if (key === '$defs' && isObject(child))
      for (const [name, schema] of Object.entries(child)) components[name] = lift(schema, components)
    else if (key === '$ref' && typeof child === 'string')
      lifted[key] = child.replace('#/$defs/', '#/components/schemas/')
    else if (key !== '$schema') lifted[key] = lift(child, components)
  }
  return lifted
}

/** The OpenAPI 3.1 description of every endpoint, made from the schemas the code itself uses. */
export const openapi = (
  rooms: Readonly<Record<string, Readonly<Record<string, AnyEndpoint>>>>,
  publicUrl: string,
  version: string,
): Json => {
  const components: Json = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
    lift(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), components)
  const error = schemaOf(ErrorBody, 'output')

  const parameters = (schema: z.ZodType, where: 'path' | 'query'): unknown[] => {
    const json = schemaOf(schema, 'input')
    if (!isObject(json) || !isObject(json['properties'])) return []
    const required = Array.isArray(json['required']) ? json['required'] : []
    return Object.entries(json['properties']).map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || required.includes(name),
      schema: property,
    }))
  }

  const operation = (room: string, name: string, endpoint: AnyEndpoint): Json => ({
    operationId: `${room}.${name}`,
    tags: [room],
    summary: endpoint.summary,
    description: `Permission: ${endpoint.permission}`,
    security:
      endpoint.permission === 'public'
        ? []
        : endpoint.permission === 'ingest'
          ? [{ writeKey: [] }]
          : [{ apiKey: [] }, { session: [] }],
    parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
    ...(endpoint.method === 'POST' || endpoint.method === 'PUT'
      ? { requestBody: { content: { 'application/json': { schema: schemaOf(endpoint.body, 'input') } } } }
      : {}),
    responses: {
      200: { description: 'Done', content: { 'application/json': { schema: schemaOf(endpoint.output, 'output') } } },
      default: { description: 'What is wrong and what to do', content: { 'application/json': { schema: error } } },
    },
  })

  const paths: { [path: string]: Json } = {}
  for (const [room, endpoints] of Object.entries(rooms))
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(room, name, endpoint) }
    }

  return {
    openapi: '3.1.0',
    info: {
      title: '知音 Zhiyin',
      version,
      description: 'Every act of the console, usable from a script. Send `Authorization: Bearer <ADMIN_API_KEY>`.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'zhiyin_session' },
        writeKey: { type: 'http', scheme: 'basic' },
      },
    },
  }
}
