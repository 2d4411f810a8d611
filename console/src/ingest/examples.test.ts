import { execFileSync } from 'node:child_process'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { exampleOf, ways } from './examples.ts'

it('the curl example is one command that says what it shows', () => {
  const text = exampleOf('curl', 'http://127.0.0.1:9', 'key')
  // A shell splits it into what curl would be given.
  const words = execFileSync('sh', ['-c', text.replace(/^curl /, 'printf "%s\\0" ')])
    .toString()
    .split('\0')
  expect(words.slice(0, 5)).toEqual([
    'http://127.0.0.1:9/v1/track',
    '-u',
    'key:',
    '-H',
    'content-type: application/json',
  ])
  expect(JSON.parse(words[6] ?? '')).toMatchObject({ event: 'Order Completed', properties: { total: 199 } })
})

it('says where the key belongs while nobody has shown it', () => {
  for (const way of ways) expect(exampleOf(way, 'https://a.example', undefined)).toContain('WRITE_KEY')
})

it('the browser’s page view has an id: sent again it counts once, seen twice it counts twice', () => {
  const sent: string[] = []
  const fetch = (_url: string, { body }: { body: string }) => sent.push(body)
  for (let seen = 0; seen < 2; seen += 1)
    runInNewContext(exampleOf('browser', 'https://a.example', 'key'), { fetch, crypto, location: { href: '/' } })
  const ids = sent.map((body) => z.object({ messageId: z.uuid() }).parse(JSON.parse(body)).messageId)
  expect(new Set(ids).size).toBe(2)
})
