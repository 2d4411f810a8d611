import { z } from 'zod'

export const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const
export type Method = (typeof methods)[number]

export const roles = ['rep', 'manager', 'admin'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** Who may call: `public` nobody checked, `ingest` the write key, else at least that role (or an API key, which is an admin). */
export type Permission = 'public' | 'ingest' | Role

/**
 * One endpoint, declared once: the server binds it, both apps call it, openapi.json is made from it.
 * `params` are the `:names` of the path, `query` arrives as strings and is coerced, `output` is what the presenter promises.
 */
export type Endpoint<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  O extends z.ZodType,
  R extends Permission = Permission,
> = {
  readonly method: Method
  readonly path: `/${string}`
  readonly permission: R
  readonly summary: string
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly output: O
  /** The body is a file of at most so many bytes, sent as it is (application/octet-stream); `body` is then `none`. */
  readonly upload?: number
  /** The answer is a file: `output` is FileOut. */
  readonly download?: true
}

const Pieces = z.custom<AsyncIterable<Uint8Array>>(
  (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
)

/** A file as an answer; piece by piece where it may be large. */
export const FileOut = z.object({
  mime: z.string(),
  name: z.string(),
  bytes: z.union([z.instanceof(Uint8Array), Pieces]),
})

/** No parameters, no query or no body. */
export const none = z.object({})

export const endpoint = <
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  O extends z.ZodType,
  R extends Permission,
>(
  declared: Endpoint<P, Q, B, O, R>,
): Endpoint<P, Q, B, O, R> => declared

/** Keyset paging: `after` is the opaque `next` of the page before. */
export const Page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: z.string().max(200).optional(),
})
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next: z.string().nullable(), total: z.int().optional() })
export const Ok = z.object({ ok: z.literal(true) })
export const IdParams = z.object({ id: z.string().min(1).max(64) })
