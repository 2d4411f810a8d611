import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startStack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../sandbox/wecom/admin/client.ts'
import { bareBullmq } from './lib/bare-bullmq.ts'
import { liveMb } from './lib/live-memory.ts'
import { startOutbox } from './lib/outbox-rooms.ts'
import type { Bench } from './main.ts'

const many = 100_000
const few = 10_000
const reps = 50
const chunk = 500
/** Receivers one call of add_msg_template may name. */
const perCall = 10_000
const callPath = '/cgi-bin/externalcontact/add_msg_template'

type Campaign = { seconds: number; calls: number; fewest: number; heapMb: number; notSent: number }

/** One text for so many customers of 50 reps, from the first wanted to the last settled. */
const campaign = async (customers: number): Promise<Campaign & { bare: number }> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
  const stack = await startStack({ root: process.cwd(), dataDir, split: true })
  await stack.processes.worker?.stop()
  const act = createAdminClient(stack.wecomUrl)
  await act(admin.callbacks.setMode, { body: { dropPercent: 100 } })
  await act(admin.limits.change, { body: { perMinute: null, addressPerMinute: null } })
  const people: { externalUserId: string; userid: string }[] = []
  for (let rep = 0; rep < reps; rep++) {
    const userid = `rep${rep}`
    await act(admin.company.saveMember, { body: { userid, name: userid } })
    const held = await act(admin.customers.hold, { body: { userid, count: customers / reps } })
    people.push(...held.external_userids.map((externalUserId) => ({ externalUserId, userid })))
  }
  const repOf = (id: string): string => `rep${Math.floor((Number(id.slice(1)) * reps) / customers)}`
  const rooms = await startOutbox(stack, { repOf, gatherMs: 2000 })
  const intents = rooms.mongo.connection.collection('intents')
  const heaps: number[] = []
  try {
    const began = performance.now()
    for (let from = 0; from < people.length; from += chunk)
      await rooms.outbox.wantMany(
        people.slice(from, from + chunk).map(({ externalUserId, userid }, i) => ({
          key: `campaign:${from + i}`,
          channel: 'mass',
          customerId: `c${from + i}`,
          externalUserId,
          userid,
          body: { text: '新品上架，老朋友先看', attachments: [] },
          cause: { broadcastId: 'b1', broadcast: '新品' },
          expiresAt: new Date(Date.now() + 86_400_000),
        })),
      )
    // The list is this program's own, and not to be counted as memory of the product.
    people.length = 0
    const unfinished = {
      channel: 'mass',
      state: { $in: ['wanted', 'permitted', 'claimed', 'unsure'] },
      lookAt: { $exists: true },
    }
    for (let looks = 1; (await intents.findOne(unfinished, { projection: { _id: 1 } })) !== null; looks++) {
      await sleep(100)
      if (looks % 20 === 0) heaps.push(liveMb())
    }
    const seconds = (performance.now() - began) / 1000
    const calls = (await act(admin.watch.requests, { query: { path: callPath } })).length
    const notSent = await intents.countDocuments({ state: { $ne: 'sent' } })
    heaps.push(liveMb())
    const bare = await bareBullmq(stack.redisUrl, 'bare', Math.min(customers, 20_000))
    const fewest = reps * Math.ceil(customers / reps / perCall)
    return { seconds, calls, fewest, heapMb: Math.max(...heaps), notSent, bare }
  } finally {
    await rooms.close()
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/**
 * A campaign to 100,000 customers of 50 reps: calls of WeCom against the fewest there can be, customers a second from being wanted to being
 * settled against bare BullMQ adding (in bulk) and processing as many empty jobs, and the live heap against that of 10,000.
 * `--customers N` for another many.
 */
export const bench: Bench = {
  targets: { ratio: { atMost: 1.5 }, vs_bullmq: { atLeast: 0.3 }, memory_ratio: { atMost: 1.5 } },
  run: async (args) => {
    const at = args.indexOf('--customers')
    const customers = at === -1 ? many : Number(args[at + 1])
    const small = await campaign(Math.min(few, customers / 10))
    const large = await campaign(customers)
    return {
      customers,
      seconds: large.seconds,
      customers_per_s: customers / large.seconds,
      bare_per_s: large.bare,
      vs_bullmq: customers / large.seconds / large.bare,
      calls: large.calls,
      fewest_calls: large.fewest,
      ratio: large.calls / large.fewest,
      heap_mb_10k: small.heapMb,
      heap_mb: large.heapMb,
      memory_ratio: large.heapMb / small.heapMb,
      not_sent: large.notSent,
    }
  },
}
