import type { Context } from 'koa'
import { z } from 'zod'
import { readBody } from '../api/body.ts'
import { Refusal } from '../company/refusal.ts'

/** The JSON body by its schema; a body that does not fit is refused with what is wrong. An empty body counts as {}. */
export async function bodyAs<T>(ctx: Context, schema: z.ZodType<T>): Promise<T> {
  const body = await readBody(ctx.req)
  if (body === null) throw new Refusal('the body is too large', 413)
  return fit(schema, parse(body.toString('utf8')))
}

/** The query by its schema. */
export function queryAs<T>(ctx: Context, schema: z.ZodType<T>): T {
  return fit(schema, Object.fromEntries(new URLSearchParams(ctx.querystring)))
}

/** A part of the path. */
export function param(ctx: { params: Record<string, string | undefined> }, name: string): string {
  return ctx.params[name] ?? ''
}

function fit<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw new Refusal(z.prettifyError(result.error))
}

function parse(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refusal(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}
