import type { Context } from 'koa'
import { z } from 'zod'
import { readBody } from '../api/body.ts'
import { Refusal } from '../company/refusal.ts'

/** The JSON body by its schema; a body that does not fit is refused with what is wrong. An empty body counts as {}. */
export async function bodyAs<S extends z.ZodType>(ctx: Context, schema: S): Promise<z.output<S>> {
  const body = await readBody(ctx.req)
  if (body === null) throw new Refusal('the body is too large', 413)
  return fit(schema, parse(body.toString('utf8')))
}

/** A value by its schema, or a refusal that says what is wrong. */
export function fit<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
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
