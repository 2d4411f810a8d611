import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { createClient, type Call } from '@zhiyin/shared/api/client'
import type { Backlog } from '@zhiyin/shared/api/system'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { createAdminAsk, createAdminClient, type AdminCall } from '../../sandbox/wecom/admin/client.ts'
import type { LedgerQuery } from '../../sandbox/wecom/admin/endpoints/watch.ts'
import type { LedgerEntry, MassTask, State } from '../../sandbox/wecom/admin/contract.ts'
import { startStack, type Stack, type StackOptions } from '../../sandbox/stack/stack.ts'

type Query = z.input<typeof LedgerQuery>

/** A product and the stand-in it works with. Everything goes through HTTP. */
export type Reach = {
  /** Calls the product's API with the admin key. */
  readonly call: Call
  /** The stand-in's admin API, typed: `wecom(admin.customers.create, { body: { name } })`. */
  readonly wecom: AdminCall
  /** The same by path. */
  act<T extends z.ZodType>(path: string, body: unknown, answer: T): Promise<z.output<T>>
  look<T extends z.ZodType>(path: string, answer: T): Promise<z.output<T>>
  put(path: string, body: unknown): Promise<void>
  remove(path: string): Promise<void>
  state(): Promise<z.output<typeof State>>
  ledger(query?: Query): Promise<z.output<typeof LedgerEntry>[]>
  tasks(userid: string): Promise<z.output<typeof MassTask>[]>
  /** Sends ingest messages with the write key. */
  track(event: Record<string, unknown>): Promise<void>
  now(): Promise<number>
  /** Moves the clock and goes on at once. */
  advanceOnly(ms: number): Promise<void>
  /** Moves the clock and waits until everything that became due is done. */
  advance(ms: number): Promise<void>
  /** Waits until nothing is under way in any stage and no callback is on its way. */
  drain(): Promise<Backlog>
  /**
   * Moves the clock and waits likewise, but not for the moment that mass messages are held so that more go along: once they are all that
   * is left, the clock goes on by it. Not while a welcome is to go out, which has 20 s.
   */
  settle(ms?: number): Promise<Backlog>
}

/** What a story needs: the whole product as processes, the stand-in, the clock, the ledger. */
export type World = Reach & { readonly stack: Stack; close(): Promise<void> }

type Addresses = Pick<Stack, 'serverUrl' | 'wecomUrl'> & {
  readonly secrets: Pick<Stack['secrets'], 'ADMIN_API_KEY' | 'INGEST_WRITE_KEY'>
}

export const hours = (count: number): number => count * 3_600_000
export const days = (count: number): number => hours(24 * count)

/** 10:00 of today in Shanghai: the database itself deletes by the real time what is kept for some days. */
export const thisMorning = Math.floor((Date.now() + hours(8)) / hours(24)) * hours(24) + hours(2)

/** For so long, and a little, mass messages are held. */
const gatherMs = 2_500
const root = resolve(import.meta.dirname, '../..')

export const reach = ({ serverUrl, wecomUrl, secrets }: Addresses): Reach => {
  const { call } = createClient({
    base: serverUrl,
    lang: () => 'zh',
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${secrets.ADMIN_API_KEY}` } }),
  })

  const wecom = createAdminClient(wecomUrl)
  const asked = createAdminAsk(wecomUrl)
  const ask = (method: string, path: string, body?: unknown) => asked(method, `/sandbox/api/${path}`, body)
  const look: World['look'] = async (path, answer) => answer.parse(await ask('GET', path))
  const act: World['act'] = async (path, body, answer) => answer.parse(await ask('POST', path, body))

  /** What is at work, by its name; null: nothing is. */
  const atWork = async (): Promise<{ stages: string | null; backlog: Backlog | null }> => {
    const { pendingCallbacks } = await wecom(admin.callbacks.idle)
    if (pendingCallbacks > 0) return { stages: 'callbacks', backlog: null }
    const backlog = await call(api.system.backlog)
    const busy = backlog.stages.flatMap(({ stage, pending, due }) => (pending + due > 0 ? [stage] : []))
    return { stages: busy.length === 0 ? null : busy.join(), backlog }
  }
  /** Asks less and less often: asking counts the work of every room, which takes the machine from those who do it. */
  const wait = async (hurries: number): Promise<Backlog> => {
    const until = Date.now() + 60_000
    let left = hurries
    let gathering = 0
    for (let restMs = 20; ; restMs = Math.min(restMs * 1.5, 150)) {
      const { stages, backlog } = await atWork()
      if (backlog !== null && stages === null && (await atWork()).stages === null) return backlog
      if (Date.now() > until) throw new Error(`Still at work after a minute: ${stages}`)
      gathering = stages === 'outbox' ? gathering + 1 : 0
      if (left > 0 && gathering === 3) {
        await wecom(admin.clock.advance, { body: { ms: gatherMs } })
        left -= 1
        gathering = 0
      } else await sleep(restMs)
    }
  }
  const drain = (): Promise<Backlog> => wait(0)
  const advanceOnly = async (ms: number): Promise<void> => void (await wecom(admin.clock.advance, { body: { ms } }))

  return {
    call,
    wecom,
    act,
    look,
    put: async (path, body) => void (await ask('PUT', path, body)),
    remove: async (path) => void (await ask('DELETE', path)),
    state: () => wecom(admin.company.state),
    ledger: (query = {}) => wecom(admin.watch.ledger, { query }),
    tasks: (userid) => wecom(admin.customers.tasks, { query: { userid } }),
    track: async (event) => {
      const response = await fetch(`${serverUrl}/v1/track`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${secrets.INGEST_WRITE_KEY}:`).toString('base64')}`,
        },
        body: JSON.stringify(event),
      })
      const text = await response.text()
      if (!response.ok || !text.includes('"success":true'))
        throw new Error(`track answered ${response.status}: ${text}`)
    },
    now: async () => (await wecom(admin.clock.follow)).now,
    advanceOnly,
    advance: async (ms) => {
      await advanceOnly(ms)
      await drain()
    },
    settle: async (ms = 0) => {
      if (ms > 0) await advanceOnly(ms)
      return wait(3)
    },
    drain,
  }
}

export const startWorld = async (options: Partial<StackOptions> = {}): Promise<World> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-story-'))
  const own = process.env['MONGODB_URL']
  const mongoUrl =
    own === undefined ? {} : { mongoUrl: own.replace(/\/[^/?]*(\?|$)/, `/story_${process.pid}_${Date.now()}$1`) }
  // The folder goes with the story: it need not outlive a power cut.
  const stack = await startStack({ root, dataDir, split: true, fsync: 'no', ...mongoUrl, ...options })
  return {
    stack,
    ...reach(stack),
    close: async () => {
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
