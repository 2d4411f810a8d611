import type { z } from 'zod'
import type { WecomEndpoint } from './endpoint.ts'
import { formOf, jsonOf, type Payload } from './form.ts'
import type { WireFile } from './types/media.ts'

type Parts = {
  base: string
  input: unknown
  token: string | null
  key?: string
  file?: WireFile
}

const plain = (input: unknown): [string, string][] =>
  Object.entries(typeof input === 'object' && input !== null ? input : {}).flatMap(
    ([name, value]: [string, unknown]): [string, string][] =>
      typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  )

/** Where a call goes and what it carries. The input of a GET, and what goes with a file, stands in the query; secrets always do. */
export const requestOf = (
  { method, path }: Pick<WecomEndpoint<z.ZodType, z.ZodType>, 'method' | 'path'>,
  { base, input, token, key, file }: Parts,
): { address: URL; body?: Payload } => {
  const address = new URL(base + path)
  const asked = method === 'GET' || file ? plain(input) : []
  for (const [name, value] of asked) address.searchParams.set(name, value)
  if (token !== null) address.searchParams.set('access_token', token)
  if (key !== undefined) address.searchParams.set('key', key)
  return method === 'GET' ? { address } : { address, body: file ? formOf(file) : jsonOf(input) }
}
