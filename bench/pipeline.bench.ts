import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Bench } from './main.ts'
import { startStack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../sandbox/wecom/admin/client.ts'

const perSecond = 100
const count = 4500
/** The first of them meet processes that have just started; they are told apart. */
const cold = 1000
/** Every tenth customer is watched in the sidebar's API; watching all of them would be most of the load. */
const watchedOf = 10
/** How often the sidebar's API is asked for one of them; part of what is measured. */
const askEveryMs = 40
const giveUpMs = 20_000

const Page = z.object({ items: z.array(z.unknown()), next: z.string().nullable() })

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/**
 * From the moment a customer is added in the stand-in (which then calls back) to the moment the sidebar's API shows the customer with
 * a tier, at 100 events a second: callback, inbox, look-up at WeCom, fact, fold, tier, read. Every tenth is watched; at the end all are looked for.
 * The first 10 s, in which fresh processes are still being compiled, are told apart (`cold_`).
 */
export const bench: Bench = {
  targets: { p99_ms: { atMost: 1000 }, lost: { atMost: 0 } },
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    const act = createAdminClient(stack.wecomUrl)
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
    /** How many customers the console's list shows with this rep, page by page. */
    const held = async (): Promise<number> => {
      let [found, after]: [number, string | null] = [0, '']
      while (after !== null) {
        const place: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`
        const response = await fetch(`${stack.serverUrl}/api/customers?userid=lina&limit=100${place}`, {
          headers: { authorization: `Bearer ${stack.secrets.ADMIN_API_KEY}` },
        })
        const page = Page.parse(await response.json())
        found += page.items.length
        after = page.next
      }
      return found
    }
    try {
      await act(admin.company.saveMember, { body: { userid: 'lina', name: '李娜' } })
      const ids: string[] = []
      for (let index = 0; index < count; index += 50)
        ids.push(
          ...(await Promise.all(
            Array.from(
              { length: 50 },
              async () => (await act(admin.customers.create, { body: { name: '客户' } })).external_userid,
            ),
          )),
        )
      const [latencies, early]: [number[], number[]] = [[], []]
      const watch = async (id: string, from: number, into: number[]): Promise<void> => {
        while (!(await visible(id))) {
          if (performance.now() - from > giveUpMs) return
          await sleep(askEveryMs)
        }
        into.push(performance.now() - from)
      }
      const began = performance.now()
      await Promise.all(
        ids.map(async (id, index) => {
          await sleep(Math.max(0, began + (index / perSecond) * 1000 - performance.now()))
          const from = performance.now()
          await act(admin.customers.add, { body: { userid: 'lina', external_userid: id } })
          if (index % watchedOf === 0) await watch(id, from, index < cold ? early : latencies)
        }),
      )
      const offered = (performance.now() - began) / 1000
      const until = performance.now() + giveUpMs
      let shown = await held()
      while (shown < count && performance.now() < until) {
        await sleep(500)
        shown = await held()
      }
      latencies.sort((a, b) => a - b)
      early.sort((a, b) => a - b)
      return {
        p50_ms: quantile(latencies, 0.5),
        p99_ms: quantile(latencies, 0.99),
        max_ms: latencies.at(-1) ?? 0,
        events_per_s: count / offered,
        events: count,
        watched: latencies.length,
        cold_p50_ms: quantile(early, 0.5),
        cold_max_ms: early.at(-1) ?? 0,
        lost: count - shown,
      }
    } finally {
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
