import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import { createAdminAsk } from '../../sandbox/wecom/admin/client.ts'
import { startWecom, type Wecom as StandIn } from '../../sandbox/wecom/server.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import type { Hooks } from '../../server/wecom/client.ts'
import { createWecom } from '../../server/wecom/create.ts'
import type { SharedStore } from '../../server/wecom/store.ts'
import type { Wecom } from '../../server/wecom/types.ts'
import { movableClock, type MovableClock } from './clock.ts'
import { quietLog } from './log.ts'

/** A cache that forgets at once: every process for itself. */
const noStore: SharedStore = {
  get: () => Promise.resolve(null),
  set: () => Promise.resolve('OK'),
  eval: () => Promise.resolve(0),
}

/** Our adapter, pointed at a stand-in that was started with its defaults. */
export const adapterOf = (url: string, clock: Clock, redis: SharedStore = noStore, hooks: Hooks = {}): Wecom =>
  createWecom({
    config: {
      WECOM_API_BASE: url,
      WECOM_CORP_ID: 'ww0000000000000001',
      WECOM_CONTACT_SECRET: 'sandbox-contact-secret',
      WECOM_AGENT_ID: '1000002',
      WECOM_AGENT_SECRET: 'sandbox-agent-secret',
      SESSION_SECRET: 'a session secret of 32 characters and more',
      PUBLIC_URL: 'http://127.0.0.1:3000',
      PAGE_HOSTS: [],
      WECOM_LOGIN: undefined,
    },
    redis,
    clock,
    log: quietLog,
    metrics: createMetrics(),
    ...hooks,
  })

const Requests = z.array(z.object({ path: z.string(), errcode: z.int().nullish() }))

export type WecomWorld = {
  /** Our adapter, pointed at the stand-in; `redis` lets several share their tokens. */
  adapter(redis?: SharedStore): Wecom
  clock: MovableClock
  url(): string
  /** An act of a person, or a fault. */
  act(path: string, body: unknown): Promise<unknown>
  look(path: string): Promise<unknown>
  put(path: string, body: unknown): Promise<void>
  clear(path: string): Promise<void>
  /** How often a path was called. */
  calls(path: string): Promise<number>
  /** Moves the time of both. */
  advance(ms: number): Promise<void>
}

/** The stand-in of WeCom for one test file, with members lina (a leader) and wangwei. */
export const useWecom = (): WecomWorld => {
  const clock = movableClock(new Date())
  let standIn: StandIn | null = null
  const url = (): string => standIn?.url ?? ''

  const ask = (method: string, path: string, body?: unknown): Promise<unknown> =>
    createAdminAsk(url())(method, `/sandbox/api/${path}`, body)

  beforeAll(async () => {
    standIn = await startWecom({ agentId: '1000002' })
    await ask('POST', 'members', { userid: 'lina', name: '李娜', department: [1], leader: true })
    await ask('POST', 'members', { userid: 'wangwei', name: '王伟', department: [1], leader: false })
  })
  afterAll(() => standIn?.close())

  return {
    clock,
    url,
    act: (path, body) => ask('POST', path, body),
    look: (path) => ask('GET', path),
    put: async (path, body) => void (await ask('PUT', path, body)),
    clear: async (path) => void (await ask('DELETE', path)),
    calls: async (path) => Requests.parse(await ask('GET', `requests?path=${encodeURIComponent(path)}`)).length,
    advance: async (ms) => {
      await ask('POST', 'clock/advance', { ms })
      clock.advance(ms)
    },
    adapter: (redis = noStore) => adapterOf(url(), clock, redis),
  }
}
