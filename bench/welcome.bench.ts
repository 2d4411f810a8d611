import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { createClient, type Call } from '@zhiyin/shared/api/client'
import { startStack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient, type AdminCall } from '../sandbox/wecom/admin/client.ts'
import type { Bench } from './main.ts'

/** 10:00 in Shanghai; 23:00, in quiet hours, so that every bulk send waits; and 09:00, when all of them may go at once. */
const morning = Date.parse('2026-06-01T02:00:00Z')
const night = Date.parse('2026-06-01T15:00:00Z')
const nextMorning = Date.parse('2026-06-02T01:00:00Z')
/** A thousand more than the 10,000 that are to wait: some are through before the first welcome. */
const bulk = 11_000
const reps = 5
const perSecond = 5
const warmUp = 25
const measured = 100
const giveUpMs = 25_000

const Queues = z.object({ stages: z.array(z.object({ stage: z.string(), pending: z.int(), due: z.int() })) })

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/** A picture of 1 × 1, so that the welcome carries a file. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** Customers who are added at a steady rate; for each the ms from the callback's leaving the stand-in to the welcome in its ledger. */
const welcomes = async (act: AdminCall, count: number): Promise<{ latencies: number[]; lost: number }> => {
  const ids: string[] = []
  for (let index = 0; index < count; index += 1)
    ids.push((await act(admin.customers.create, { body: { name: `新客 ${index}` } })).external_userid)
  const began = performance.now()
  await Promise.all(
    ids.map(async (external_userid, index) => {
      await sleep(Math.max(0, began + (index / perSecond) * 1000 - performance.now()))
      await act(admin.customers.add, { body: { userid: 'lina', external_userid } })
    }),
  )
  const until = performance.now() + giveUpMs
  const received = async () =>
    new Map((await act(admin.watch.ledger, { query: { via: 'welcome' } })).map(({ to, at }) => [to.id, at] as const))
  let got = await received()
  while (!ids.every((id) => got.has(id)) && performance.now() < until) {
    await sleep(250)
    got = await received()
  }
  const told = await act(admin.callbacks.list, { query: {} })
  const latencies = ids.flatMap((id) => {
    const at = got.get(id)
    const callback = told.find(({ message }) => message.includes(id) && message.includes('add_external_contact'))
    return at === undefined || callback === undefined ? [] : [at - callback.at]
  })
  return { latencies: latencies.sort((a, b) => a - b), lost: ids.length - latencies.length }
}

/** The welcome rule with a file, and a rule that writes to every customer a text of their own, so that each is a call. */
const rules = async (call: Call): Promise<string> => {
  const asset = await call(api.media.upload, { query: { kind: 'image', name: 'a.png' }, file: new Uint8Array(png) })
  const attachments = [{ type: 'image' as const, assetId: asset.id, name: asset.name }]
  const greeting = await call(api.contents.create, {
    body: { name: '欢迎', body: { text: '{{ customer.name }}你好', attachments } },
  })
  const welcome = await call(api.rules.create, {
    body: {
      name: '欢迎',
      trigger: { type: 'customer.added' },
      steps: [{ id: 's1', type: 'send', channel: 'welcome', contentId: greeting.id }],
    },
  })
  await call(api.rules.turnOn, { params: { id: welcome.id } })
  const news = await call(api.contents.create, {
    body: { name: '上新', body: { text: '{{ customer.name }}，{{ days_silent }} 天没见了，本周上新' } },
  })
  const everybody = await call(api.rules.create, {
    body: {
      name: '上新',
      trigger: { type: 'schedule', at: '23:30' },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId: news.id }],
    },
  })
  return everybody.id
}

/**
 * Welcomes at 5 a second while nothing else is to do, then the same while 10,000 bulk sends are due: each is decided about, claimed
 * and called, and its result asked for. Whole processes; from the callback's leaving the stand-in to its ledger.
 */
export const bench: Bench = {
  targets: {
    p99_ms: { atMost: 2000 },
    lost: { atMost: 0 },
    backlog_at_start: { atLeast: 10_000 },
    backlog_at_end: { atLeast: 1 },
  },
  run: async (args) => {
    const customers = args[0] === undefined ? bulk : Number(args[0])
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    const act = createAdminClient(stack.wecomUrl)
    const headers = { authorization: `Bearer ${stack.secrets.ADMIN_API_KEY}` }
    const { call } = createClient({
      base: stack.serverUrl,
      lang: () => 'zh',
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, ...headers } }),
    })
    const waiting = async (stages: readonly string[]): Promise<number> => {
      const backlog = Queues.parse(await call(api.system.backlog))
      return backlog.stages.reduce(
        (sum, { stage, pending, due }) => sum + (stages.includes(stage) ? pending + due : 0),
        0,
      )
    }
    const idle = async (): Promise<void> => {
      while (!(await call(api.system.backlog)).idle) await sleep(250)
    }
    try {
      await act(admin.clock.set, { body: { now: morning } })
      await act(admin.company.saveMember, { body: { userid: 'lina', name: '李娜' } })
      for (let index = 0; index < reps; index += 1) {
        const userid = `rep${index}`
        await act(admin.company.saveMember, { body: { userid, name: userid } })
        await act(admin.customers.hold, { body: { userid, count: Math.ceil(customers / reps) } })
      }
      console.log(`  taking over ${customers} customers`)
      await call(api.members.sync)
      await sleep(1000)
      await idle()
      const everybody = await rules(call)
      await welcomes(act, warmUp)
      await idle()

      console.log('  welcomes alone')
      const alone = await welcomes(act, measured)
      await idle()

      console.log(`  the same while ${customers} bulk sends wait`)
      await act(admin.clock.set, { body: { now: night } })
      await idle()
      await call(api.rules.turnOn, { params: { id: everybody }, body: { meetNow: true } })
      await sleep(1000)
      await idle()
      await act(admin.clock.set, { body: { now: nextMorning } })
      const due = async (): Promise<number> => {
        for (;;) {
          const found = await waiting(['outbox', 'rules'])
          if (found > 0) return found
          await sleep(20)
        }
      }
      const before = await due()
      const beside = await welcomes(act, measured)
      const after = await waiting(['outbox', 'rules'])
      const [quiet, busy] = [alone.latencies, beside.latencies]
      return {
        p50_ms: quantile(busy, 0.5),
        p99_ms: quantile(busy, 0.99),
        max_ms: busy.at(-1) ?? 0,
        p50_alone_ms: quantile(quiet, 0.5),
        p99_alone_ms: quantile(quiet, 0.99),
        max_alone_ms: quiet.at(-1) ?? 0,
        p50_ratio: quantile(busy, 0.5) / quantile(quiet, 0.5),
        p99_ratio: quantile(busy, 0.99) / quantile(quiet, 0.99),
        lost: alone.lost + beside.lost,
        welcomes: busy.length,
        backlog_at_start: before,
        backlog_at_end: after,
      }
    } finally {
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
