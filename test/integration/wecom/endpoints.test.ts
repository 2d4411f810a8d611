import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { endpoints as served } from '../../../sandbox/wecom/api/endpoints.ts'
import type { WecomEndpoint } from '../../../server/wecom/endpoint.ts'
import * as exported from '../../../server/wecom/endpoints/index.ts'

type Known = WecomEndpoint<z.ZodType, z.ZodType>
const isEndpoint = (value: unknown): value is Known =>
  typeof value === 'object' && value !== null && 'path' in value && 'effect' in value && 'request' in value
const called = Object.entries(exported).flatMap(([name, value]) => (isEndpoint(value) ? [{ name, ...value }] : []))
const table = new Map(served.map((each) => [each.path, each]))

/** What its last word says an API does; the platform names them so throughout. */
const looksUp =
  /\/(get|get_\w+|list|\w+_list|list_\w+|simplelist|batchget|batch\/get_by_user|gettoken|get_jsapi_ticket|getuserinfo|getuserdetail|getcallbackip|\w*_result|\w*statistic\w*|\w*convert\w*|\w+_to_\w+)$/
/** Named like a look-up, but using up what it is given. */
const usesUp = new Set(['/cgi-bin/auth/getuserinfo', '/cgi-bin/auth/getuserdetail'])

/** The places in a schema where anything may stand. */
const openPlaces = (schema: z.ZodType): string[] => {
  const open: string[] = []
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, path }) => {
      const { type } = zodSchema._zod.def
      if (type === 'any' || type === 'unknown') open.push(path.join('.'))
    },
  })
  return open
}

describe('every API we call', () => {
  it('is one of the platform’s, called by its method, with a token it takes', () => {
    expect(called.length).toBeGreaterThan(40)
    for (const { name, path, method, token } of called) {
      const spec = table.get(path)
      expect(spec?.method, `${name} ${path}`).toBe(method)
      if (token === 'none') expect(spec?.secrets, name).toBe('none')
      else expect(spec?.secrets, name).toContain(token)
    }
  })

  it('is declared once', () => {
    const paths = called.map(({ method, path, token }) => `${method} ${path} ${token}`)
    expect(paths).toHaveLength(new Set(paths).size)
  })

  it('says truly whether it only looks up', () => {
    for (const { name, path, effect } of called)
      expect(`${name} ${effect === 'read'}`).toBe(`${name} ${looksUp.test(path) && !usesUp.has(path)}`)
  })

  it('has a typed request, and an answer that is an object', () => {
    for (const { name, request, response } of called) {
      expect(openPlaces(request), name).toEqual([])
      expect(response.safeParse('text').success, name).toBe(false)
    }
  })

  it('is given time to answer, and not more than a caller can wait', () => {
    for (const { name, timeoutMs = 8000, withinMs = 60_000 } of called) {
      expect(timeoutMs, name).toBeGreaterThanOrEqual(2000)
      expect(timeoutMs, name).toBeLessThanOrEqual(60_000)
      expect(withinMs, name).toBeGreaterThanOrEqual(timeoutMs)
    }
  })
})
