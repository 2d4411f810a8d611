import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Bench } from './main.ts'
import { startStack } from '../sandbox/stack/stack.ts'

const perSecond = 100
const count = 2000
/** How often the sidebar API is asked for one customer; part of what is measured. */
const askEveryMs = 50
const giveUpMs = 20_000

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/**
 * From the moment a customer is added in the stand-in (which then calls back) to the moment the sidebar's API shows the customer with
 * a tier, at 100 events a second: callback, inbox, look-up at WeCom, fact, fold, tier, read.
 */
export const bench: Bench = {
  targets: { p99_ms: { atMost: 1000 }, lost: { atMost: 0 } },
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    const act = async (path: string, body: unknown): Promise<unknown> => {
      const response = await fetch(`${stack.wecomUrl}/sandbox/api/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
      return response.json()
    }
    const visible = async (id: string): Promise<boolean> => {
      const response = await fetch(`${stack.serverUrl}/api/customers/external/${id}`, {
        headers: { authorization: `Bearer ${stack.secrets.ADMIN_API_KEY}` },
      })
      const body: unknown = await response.json()
      return (
        response.ok &&
        z.object({ follows: z.array(z.unknown()).min(1), tier: z.object({ tier: z.string() }) }).safeParse(body).success
      )
    }
    try {
      await act('members', { userid: 'lina', name: '李娜' })
      const ids: string[] = []
      for (let index = 0; index < count; index += 50)
        ids.push(
          ...(await Promise.all(
            Array.from(
              { length: 50 },
              async () =>
                z.object({ external_userid: z.string() }).parse(await act('customers', { name: '客户' }))
                  .external_userid,
            ),
          )),
        )
      const latencies: number[] = []
      let lost = 0
      const began = performance.now()
      await Promise.all(
        ids.map(async (id, index) => {
          await sleep(Math.max(0, began + (index / perSecond) * 1000 - performance.now()))
          const from = performance.now()
          await act('add', { userid: 'lina', external_userid: id })
          for (;;) {
            await sleep(askEveryMs)
            if (await visible(id)) break
            if (performance.now() - from > giveUpMs) {
              lost++
              return
            }
          }
          latencies.push(performance.now() - from)
        }),
      )
      latencies.sort((a, b) => a - b)
      return {
        p50_ms: quantile(latencies, 0.5),
        p99_ms: quantile(latencies, 0.99),
        max_ms: latencies.at(-1) ?? 0,
        events_per_s: perSecond,
        events: count,
        lost,
      }
    } finally {
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
