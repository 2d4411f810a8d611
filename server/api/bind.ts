import type { z } from 'zod'
import type { Endpoint, Role } from '@zhiyin/shared/api/endpoint'
import type { Lang } from '@zhiyin/shared/text'
import { hasRole, type Actor, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden } from '../platform/errors.ts'
import type { Cookies } from '../platform/http/cookies.ts'
import { zodWords } from '../platform/zod-words.ts'

export type Input<P, Q, B, A> = {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly actor: A
  /** Reads the file of an endpoint that takes one; only who is admitted makes us take it in. */
  readonly file: () => Promise<Uint8Array>
  /** The same piece by piece, for what is too large to be held. */
  readonly pieces: () => AsyncIterable<Uint8Array>
  readonly lang: Lang
  readonly requestId: string
  readonly cookies: Cookies
}

type Raw = {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly actor: Actor
  readonly file: () => Promise<Uint8Array>
  readonly pieces: () => AsyncIterable<Uint8Array>
  readonly lang: Lang
  readonly requestId: string
  readonly cookies: Cookies
}
type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>

/** A declared endpoint with the function that answers it; the types of both are checked where they are joined. */
export type Bound = { readonly endpoint: AnyEndpoint; readonly answer: (raw: Raw) => Promise<unknown> }

/** Parses one part of a request; the error names every wrong field in the caller's language. */
const parse = <S extends z.ZodType>(schema: S, value: unknown, lang: Lang): z.output<S> => {
  const parsed = schema.safeParse(value, { error: zodWords(lang) })
  if (parsed.success) return parsed.data
  const fields = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = fields[0] ?? { path: '', message: '' }
  throw new AppError('request.invalid', { fields, params: { field: first.path, problem: first.message } })
}

const join = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType, A>(
  endpoint: Endpoint<P, Q, B, O>,
  admit: (actor: Actor) => A,
  handle: (input: Input<z.output<P>, z.output<Q>, z.output<B>, A>) => Promise<z.input<O>>,
): Bound => ({
  endpoint,
  answer: async ({ params, query, body, actor, file, pieces, lang, requestId, cookies }) => {
    const admitted = admit(actor)
    const input = {
      params: parse(endpoint.params, params, lang),
      query: parse(endpoint.query, query, lang),
      body: parse(endpoint.body, body, lang),
    }
    return endpoint.output.parse(await handle({ ...input, actor: admitted, file, pieces, lang, requestId, cookies }))
  },
})

/**
 * Joins an endpoint that needs a role with its handler, which gets a signed-in actor. What the handler returns is cut to the
 * endpoint's output schema, so nothing leaves by accident.
 */
export const bind = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O, Role>,
  handle: (input: Input<z.output<P>, z.output<Q>, z.output<B>, SignedIn>) => Promise<z.input<O>>,
): Bound =>
  join(
    endpoint,
    (actor) => {
      if (actor.kind === 'nobody' || actor.kind === 'ingest') throw new AppError('session.missing', { status: 401 })
      if (!hasRole(actor, endpoint.permission)) throw forbidden(endpoint.permission)
      return actor
    },
    handle,
  )

/** The same for endpoints anybody, or whoever has the write key, may call. */
export const bindOpen = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, O, 'public' | 'ingest'>,
  handle: (input: Input<z.output<P>, z.output<Q>, z.output<B>, Actor>) => Promise<z.input<O>>,
): Bound =>
  join(
    endpoint,
    (actor) => {
      if (endpoint.permission === 'ingest' && actor.kind !== 'ingest')
        throw new AppError('session.bad_key', { status: 401, params: { key: 'INGEST_WRITE_KEY' } })
      return actor
    },
    handle,
  )
