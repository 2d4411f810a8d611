import type { z } from 'zod'
import type { World } from '../world.ts'
import type { Rate } from './rates.ts'
import { check } from './schema.ts'

/** 客户联系, the self-built app, 通讯录同步. */
export type Secret = 'contact' | 'agent' | 'sync'
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
  /** Whose token it is; null for calls without one. */
  secret: Secret | null
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
  /** For POSTs: what of the input stands in the query. */
  inQuery?: readonly string[]
  /** A limit of its own, besides those of all APIs. */
  rate?: (limits: ReturnType<World['rates']['limits']>) => Rate
  /** Calls of one name come one after the other, or are refused (6000). */
  serial?: string
  handle: (world: World, input: T, call: Call) => Answer | FileAnswer | Promise<Answer>
}

export interface Endpoint {
  method: 'GET' | 'POST'
  path: string
  secrets: readonly Secret[] | 'none'
  forbidden: number
  upload: boolean
  inQuery: readonly string[]
  rate: NonNullable<EndpointSpec<unknown>['rate']>
  serial: string | null
  run: (world: World, input: unknown, call: Call) => Promise<Answer | FileAnswer>
}

/** The two secrets that may work with customers. */
export const ANY: readonly Secret[] = ['contact', 'agent']
export const AGENT: readonly Secret[] = ['agent']
export const CONTACT: readonly Secret[] = ['contact']
export const SYNC: readonly Secret[] = ['sync']
export const EVERY: readonly Secret[] = ['contact', 'agent', 'sync']

/** Binds an endpoint's schema to its handler. */
export function endpoint<T>(spec: EndpointSpec<T>): Endpoint {
  return {
    method: spec.method,
    path: spec.path,
    secrets: spec.secrets,
    forbidden: spec.forbidden ?? 48002,
    upload: spec.upload ?? false,
    inQuery: spec.inQuery ?? [],
    rate: spec.rate ?? (() => ({})),
    serial: spec.serial ?? null,
    run: async (world, input, call) => spec.handle(world, check(spec.input, input), call),
  }
}

/** A POST for tokens of both customer secrets, unless others are named: the usual kind. */
export function post<T>(
  path: string,
  input: z.ZodType<T>,
  handle: EndpointSpec<T>['handle'],
  secrets: readonly Secret[] = ANY,
): Endpoint {
  return endpoint({ method: 'POST', path, secrets, input, handle })
}
