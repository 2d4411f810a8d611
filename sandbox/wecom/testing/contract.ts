import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Endpoint, Secret } from '../api/endpoint.ts'
import { startSandbox, type Sandbox } from './harness.ts'

/** Shapes many answers share. */
export const text = z.string()
export const seconds = z.int().min(1_600_000_000).max(4_000_000_000)
export const nothing = z.strictObject({})
/** Ids of a customer (`wm`), group (`wr`) or tag (`et`). */
export const id32 = (prefix: string): z.ZodType => z.string().regex(new RegExp(`^${prefix}[\\w-]{30}$`))
/** Chinese text of more than `bytes` bytes. */
export const over = (bytes: number): string => '好'.repeat(Math.ceil(bytes / 3) + 1)
/** A PNG of the given size, by its first bytes. */
export const png = (size = 64): File =>
  new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47]), new Uint8Array(size - 4)], 'a.png', { type: 'image/png' })

type Input = Record<string, unknown>

/** One good request with the shape of its answer (besides errcode and errmsg), and bad ones with their codes. */
export interface Row<K> {
  good: (known: K) => Input
  shape: z.ZodType
  bad?: (known: K) => [input: Input, errcode: number][]
  /** Whose token asks; the agent's unless said. */
  secret?: Secret
  /** What an upload sends. */
  file?: () => File
  /** The good answer is a file, not JSON with an errcode. */
  answersFile?: true
  /** Ends what the others need: asked after them. */
  last?: true
}

const SECRETS: readonly Secret[] = ['contact', 'agent', 'sync']

/**
 * The contract test of one file of endpoints: a row for each, keyed by its path. Besides the rows, each endpoint must ask for a
 * token, refuse tokens of the wrong secret, refuse the wrong method, and fire no callback (what the corp's own app writes does not).
 *
 * @param prepare makes what the requests refer to, once.
 */
export function contract<K>(
  endpoints: readonly Endpoint[],
  prepare: (sandbox: Sandbox) => Promise<K>,
  rows: Record<string, Row<K>>,
): void {
  let sandbox: Sandbox
  let known: K
  const tokens = new Map<Secret, string>()
  beforeAll(async () => {
    sandbox = await startSandbox({ verifyTimeoutMs: 5000 })
    known = await prepare(sandbox)
    for (const secret of SECRETS) tokens.set(secret, await sandbox.token(secret))
  })
  afterAll(() => sandbox.close())

  const ask = async (one: Endpoint, input: Input, token: string, file?: File, method = one.method): Promise<Input> => {
    const query = new URLSearchParams({ access_token: token })
    const allInQuery = one.method === 'GET' || one.upload
    for (const [name, value] of Object.entries(input)) {
      if (allInQuery || one.inQuery.includes(name)) query.set(name, String(value))
    }
    const form = new FormData()
    if (file) form.set('media', file)
    const body = one.upload ? form : JSON.stringify(input)
    const url = `${sandbox.url}${one.path}?${query.toString()}`
    const response = await fetch(url, method === 'GET' ? {} : { method, body })
    expect(response.status).toBe(200)
    return z.record(text, z.unknown()).parse(await response.json())
  }

  /** Every callback so far, but those that tell the end of a job the API began. */
  const events = async (): Promise<string[]> => {
    const all = await sandbox.read('callbacks', z.array(z.object({ event: text })))
    return all.map((one) => one.event).filter((event) => event !== 'upload_media_job_finish')
  }

  test('every endpoint of this file has a row, and every row an endpoint', () => {
    expect(Object.keys(rows).toSorted()).toEqual(endpoints.map((one) => one.path).toSorted())
  })

  const cases = endpoints.flatMap((one) => {
    const row = rows[one.path]
    return row ? [{ path: one.path, one, row }] : []
  })
  const ordered = cases.toSorted((a, b) => Number(a.row.last ?? false) - Number(b.row.last ?? false))

  describe.each(ordered)('$path', ({ one, row }) => {
    const token = (): string => tokens.get(row.secret ?? 'agent') ?? ''

    test('answers a good request with its fields, and calls nobody back', async () => {
      const before = await events()
      const { errcode, errmsg, ...rest } = await ask(one, row.good(known), token(), row.file?.())
      if (row.answersFile) expect(errcode).toBeUndefined()
      else expect({ errcode, errmsg }).toEqual({ errcode: 0, errmsg: 'ok' })
      expect(row.shape.safeParse(rest).error).toBeUndefined()
      expect(await events()).toEqual(before)
    })

    test('answers bad requests with their codes', async () => {
      for (const [input, errcode] of row.bad?.(known) ?? []) {
        const answer = await ask(one, input, token(), row.file?.())
        expect({ input, errcode: answer['errcode'] }).toEqual({ input, errcode })
        expect(answer['errmsg']).toMatch(/, hint: \[\d+\], from ip: .*, more info at https:/)
      }
    })

    test('asks for a token of the right secret, and for its method', async () => {
      const input = row.good(known)
      const asked = async (given: string): Promise<unknown> => (await ask(one, input, given))['errcode']
      if (one.secrets !== 'none') {
        expect(await asked('')).toBe(41001)
        expect(await asked('made-up')).toBe(40014)
        for (const secret of SECRETS) {
          if (!one.secrets.includes(secret)) expect(await asked(tokens.get(secret) ?? '')).toBe(one.forbidden)
        }
      }
      const other = one.method === 'GET' ? 'POST' : 'GET'
      expect((await ask(one, input, token(), undefined, other))['errcode']).toBe(40063)
    })
  })
}
