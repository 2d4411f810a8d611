import type { z } from 'zod'
import type { Endpoint } from '@zhiyin/shared/api/endpoint'
import { openapiPaths } from '@zhiyin/shared/api/openapi'
import { ErrorBody } from '@zhiyin/shared/errors'

type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>

const securityOf = ({ permission }: AnyEndpoint): Record<string, string[]>[] => {
  if (permission === 'public') return []
  return permission === 'ingest' ? [{ writeKey: [] }] : [{ apiKey: [] }, { session: [] }]
}

/** The OpenAPI 3.1 description of every endpoint, made from the schemas the code itself uses. */
export const openapi = (
  rooms: Readonly<Record<string, Readonly<Record<string, AnyEndpoint>>>>,
  publicUrl: string,
  version: string,
): Record<string, unknown> => {
  const { paths, schemas } = openapiPaths(rooms, {
    error: ErrorBody,
    more: (endpoint) => ({ description: `Permission: ${endpoint.permission}`, security: securityOf(endpoint) }),
  })
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
      schemas,
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'zhiyin_session' },
        writeKey: { type: 'http', scheme: 'basic' },
      },
    },
  }
}
