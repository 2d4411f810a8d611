import { z } from 'zod'
import { ApiError } from './errors.ts'

/** Marks a zod message that carries the platform's code: `@41035 text`. */
export function says(code: number, text = ''): string {
  return `@${code} ${text}`
}

/** Text of at most `max` UTF-8 bytes. */
export function bytes(max: number, code = 40058): z.ZodString {
  return z.string().refine((text) => Buffer.byteLength(text) <= max, says(code, `longer than ${max} bytes`))
}

/** Text of at most `max` characters. */
export function chars(max: number, code = 40058): z.ZodString {
  return z.string().refine((text) => Array.from(text).length <= max, says(code, `longer than ${max} characters`))
}

/** A number the platform also takes as digits in text. */
export const int = z.coerce.number().pipe(z.int())
export const flag = z.union([z.literal(0), z.literal(1)])
export const userid = z.string(says(40003, 'userid')).min(1, says(40003, 'userid')).max(64, says(40003, 'userid'))
export const externalUserid = z.string(says(41035)).min(1, says(41035)).max(64, says(40096))
export const cursor = z.string().optional()

/** Epoch ms as the platform's fields have it. */
export const seconds = (ms: number): number => Math.floor(ms / 1000)

/** How many rows of a page: default and maximum as documented; more than the maximum is refused. */
export function limit(fallback: number, max: number) {
  return z.int().min(1).max(max).default(fallback)
}

/** Checks an input; throws the code of the first thing wrong: named by the schema, else 40063 when missing, 40058 when wrong. */
export function check<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = issue?.path.join('.') ?? ''
  const coded = /^@(-?\d+) (.*)$/.exec(issue?.message ?? '')
  if (coded) throw new ApiError(Number(coded[1]), [path, coded[2]].filter((part) => part !== '').join(' ') || undefined)
  const value = at(input, issue?.path ?? [])
  if (value === undefined || value === '') throw new ApiError(40063, `missing ${path}`)
  throw new ApiError(40058, `invalid ${path}`)
}

function at(input: unknown, path: PropertyKey[]): unknown {
  let value = input
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}
