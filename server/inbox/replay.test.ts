import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { replay } from './replay.ts'

const seen: string[] = []
const refusal = (code: string, message: string): string =>
  JSON.stringify({ error: { code, message, params: {}, requestId: 'r' } })
const server = createServer((request, answer) => {
  seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`)
  const id = /inbox\/(\w+)/.exec(request.url ?? '')?.[1]
  if (id === 'unknown') answer.writeHead(404).end(refusal('not_found', 'No callback with id unknown'))
  else if (id === 'locked') answer.writeHead(401).end(refusal('session.bad_key', 'Wrong key'))
  else if (id === 'broken') answer.writeHead(502).end('<html>')
  else answer.end('{"ok":true}')
})
let address = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  address = `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

describe('npm run replay', () => {
  it('asks the running server, with the key', async () => {
    const { ok, words } = await replay('inb_1', { server: `${address}/`, adminKey: 'secret' })
    expect(ok).toBe(true)
    expect(words).toContain('inb_1')
    expect(seen).toEqual(['POST /api/inbox/inb_1/replay Bearer secret'])
  })

  it.each([
    ['unknown', 'GET /api/inbox?state=dead'],
    ['locked', 'Check ADMIN_API_KEY'],
    ['broken', 'answered 502'],
  ])('says what to do when the id is %s', async (id, advice) => {
    const { ok, words } = await replay(id, { server: address, adminKey: 'secret' })
    expect(ok).toBe(false)
    expect(words).toContain(advice)
  })
})
