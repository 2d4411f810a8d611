import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

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

export type OpenapiOptions = {
  /** The body of every answer that is not 2xx. */
  error: z.ZodType
  /** What an operation has besides its schemas, e.g. security; `produces` when the answer is not JSON. */
  more?: (endpoint: AnyEndpoint) => Json & { produces?: string }
}

/** The `paths` and `schemas` of an OpenAPI 3.1 document, made from declared endpoints by room and name. */
export const openapiPaths = (
  rooms: Readonly<Record<string, Readonly<Record<string, AnyEndpoint>>>>,
  { error, more = () => ({}) }: OpenapiOptions,
): { paths: { [path: string]: Json }; schemas: Json } => {
  const schemas: Json = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): unknown =>
    lift(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), schemas)
  const wrong = { 'application/json': { schema: schemaOf(error, 'output') } }

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

  const file = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
  const bodyOf = ({ upload, body }: AnyEndpoint): Json =>
    upload === undefined ? { 'application/json': { schema: schemaOf(body, 'input') } } : file

  const operation = (room: string, name: string, endpoint: AnyEndpoint): Json => {
    const { produces = 'application/json', ...rest } = more(endpoint)
    return {
      operationId: `${room}.${name}`,
      tags: [room],
      summary: endpoint.summary,
      ...rest,
      parameters: [...parameters(endpoint.params, 'path'), ...parameters(endpoint.query, 'query')],
      ...(endpoint.method === 'POST' || endpoint.method === 'PUT'
        ? { requestBody: { content: bodyOf(endpoint) } }
        : {}),
      responses: {
        200: {
          description: 'Done',
          content: endpoint.download ? file : { [produces]: { schema: schemaOf(endpoint.output, 'output') } },
        },
        default: { description: 'What is wrong and what to do', content: wrong },
      },
    }
  }

  const paths: { [path: string]: Json } = {}
  for (const [room, endpoints] of Object.entries(rooms))
    for (const [name, endpoint] of Object.entries(endpoints)) {
      const path = endpoint.path.replace(/:(\w+)/g, '{$1}')
      paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(room, name, endpoint) }
    }
  return { paths, schemas }
}
