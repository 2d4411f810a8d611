import type { z } from 'zod'
import type { World } from '../world.ts'
import { check } from './schema.ts'

export type Secret = 'contact' | 'agent'
export type Answer = Record<string, unknown>

/** A file as an answer (media/get). */
export class FileAnswer {
  readonly bytes: Buffer
  readonly mime: string
  readonly filename: string

  constructor(bytes: Buffer, mime: string, filename: string) {
    this.bytes = bytes
    this.mime = mime
    this.filename = filename
  }
}

/** What a handler may need of the call besides its input. */
export interface Call {
  body: Buffer
  contentType: string
}

/** One endpoint of the platform. */
export interface EndpointSpec<T> {
  method: 'GET' | 'POST'
  path: string
  /** Which tokens may call it; `none` asks for no token. */
  secrets: readonly Secret[] | 'none'
  /** What a token of another secret gets instead of 48002. */
  forbidden?: number
  /** The query for GET, the JSON body for POST (for uploads: the query). */
  input: z.ZodType<T>
  upload?: boolean
  handle: (world: World, input: T, call: Call) => Answer | FileAnswer | Promise<Answer>
}

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  secrets: readonly Secret[] | 'none'
  forbidden: number
  upload: boolean
  run: (world: World, input: unknown, call: Call) => Promise<Answer | FileAnswer>
}

/** Both kinds of secret. */
export const ANY: readonly Secret[] = ['contact', 'agent']
export const AGENT: readonly Secret[] = ['agent']

/** Binds an endpoint's schema to its handler. */
export function endpoint<T>(spec: EndpointSpec<T>): Endpoint {
  return {
    method: spec.method,
    path: spec.path,
    secrets: spec.secrets,
    forbidden: spec.forbidden ?? 48002,
    upload: spec.upload ?? false,
    run: async (world, input, call) => spec.handle(world, check(spec.input, input), call),
  }
}
