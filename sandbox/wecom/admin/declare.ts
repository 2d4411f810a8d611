import { z } from 'zod'
import { endpoint, none } from '@zhiyin/shared/api/endpoint'

/** Where the stand-in's own API lives. */
export const BASE = '/sandbox/api'

const permission = 'public' as const

/** What an act without an answer answers. */
export const Done = z.object({})

/** Reads something; `query` arrives as strings. */
export function get<Q extends z.ZodType, O extends z.ZodType>(path: string, summary: string, query: Q, output: O) {
  return endpoint({
    method: 'GET',
    path: `${BASE}/${path}`,
    permission,
    summary,
    params: none,
    query,
    body: none,
    output,
  })
}

/** A file; what its bytes are is in its content type. */
export function getFile<P extends z.ZodType>(path: string, summary: string, params: P) {
  return endpoint({
    method: 'GET',
    path: `${BASE}/${path}`,
    permission,
    summary,
    params,
    query: none,
    body: none,
    output: z.string(),
  })
}

/** An act. */
export function post<B extends z.ZodType, O extends z.ZodType>(path: string, summary: string, body: B, output: O) {
  return postAt(path, summary, none, body, output)
}

/** An act on what the path names. */
export function postAt<P extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  path: string,
  summary: string,
  params: P,
  body: B,
  output: O,
) {
  return endpoint({ method: 'POST', path: `${BASE}/${path}`, permission, summary, params, query: none, body, output })
}

/** Replaces a setting. */
export function put<B extends z.ZodType, O extends z.ZodType>(path: string, summary: string, body: B, output: O) {
  return endpoint({
    method: 'PUT',
    path: `${BASE}/${path}`,
    permission,
    summary,
    params: none,
    query: none,
    body,
    output,
  })
}

/** Removes what the path names. */
export function removeAt<P extends z.ZodType>(path: string, summary: string, params: P) {
  return endpoint({
    method: 'DELETE',
    path: `${BASE}/${path}`,
    permission,
    summary,
    params,
    query: none,
    body: none,
    output: Done,
  })
}
