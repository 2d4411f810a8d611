import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SyncStatus, type SyncRun } from '@zhiyin/shared/api/sync'
import { startStack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../sandbox/wecom/admin/client.ts'
import type { Bench } from './main.ts'

const small = 1_000
const large = 100_000
const perRep = 2_000
const perPage = 100
/** Members, departments, who holds customers, tags, groups: a page each. */
const lists = 5
const sampleMs = 250

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

/** What is alive in the process that walks: the least it held in the second half, right after a garbage collection. */
const heldMb = (samples: readonly number[]): number => Math.min(...samples.slice(Math.floor(samples.length / 2)))

type Walk = {
  seconds: number
  calls: number
  /** Resident, at most: Node lets its heap grow before it cleans up. */
  peakMb: number
  heldMb: number
  run: SyncRun
  backlogSeconds: number
}

/** A company whose reps have had their customers for long, taken over by the product in its first sync. */
const walk = async (customers: number): Promise<Walk> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
  const stack = await startStack({ root: process.cwd(), dataDir })
  const act = createAdminClient(stack.wecomUrl)
  const headers = { authorization: `Bearer ${stack.secrets.ADMIN_API_KEY}`, 'content-type': 'application/json' }
  const status = async (): Promise<SyncStatus> =>
    SyncStatus.parse(await (await fetch(`${stack.serverUrl}/api/sync`, { headers })).json())
  const idle = async (): Promise<boolean> => {
    const answer: unknown = await (await fetch(`${stack.serverUrl}/api/system/backlog`, { headers })).json()
    return typeof answer === 'object' && answer !== null && 'idle' in answer && answer.idle === true
  }
  try {
    while ((await status()).last.length === 0) await sleep(50)
    const reps = Array.from({ length: Math.ceil(customers / perRep) }, (_each, index) => `rep${index}`)
    for (const userid of reps) {
      await act(admin.company.saveMember, { body: { userid, name: userid } })
      await act(admin.customers.hold, { body: { userid, count: Math.min(perRep, customers) } })
    }
    const pid = stack.processes.web.pid ?? 0
    const [from] = (await act(admin.watch.requests, { query: {} })).slice(-1)
    const heapMb = async (): Promise<number> => {
      const printed = await (await fetch(`${stack.serverUrl}/metrics`)).text()
      return Number(/^nodejs_heap_size_used_bytes (\d+)/m.exec(printed)?.[1] ?? 0) / 1024 / 1024
    }
    let peakMb = residentMb(pid)
    const heap: number[] = [await heapMb()]
    const began = performance.now()
    await fetch(`${stack.serverUrl}/api/sync`, { method: 'POST', headers, body: JSON.stringify({ kind: 'full' }) })
    let now = await status()
    while (now.running !== null) {
      await sleep(sampleMs)
      peakMb = Math.max(peakMb, residentMb(pid))
      heap.push(await heapMb())
      now = await status()
    }
    const seconds = (performance.now() - began) / 1000
    const [run] = now.last
    if (run === undefined || run.state !== 'done' || run.customers < customers)
      throw new Error(`The sync did not take everybody over: ${JSON.stringify(run)}`)
    const calls = (await act(admin.watch.requests, { query: from === undefined ? {} : { since: from.id } })).length
    while (!(await idle())) await sleep(sampleMs)
    return {
      seconds,
      calls,
      peakMb,
      heldMb: heldMb(heap),
      run,
      backlogSeconds: (performance.now() - began) / 1000 - seconds,
    }
  } finally {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/**
 * The first sync of 100,000 customers of 50 reps, against the same with 1,000: calls against the fewest WeCom's paging allows,
 * what the process that does it holds in memory, customers a second. Afterwards, until every customer's stage and tier are worked out.
 */
export const bench: Bench = {
  targets: { calls_ratio: { atMost: 1.1 }, memory_ratio: { atMost: 1.5 } },
  run: async (args) => {
    const most = args[0] === undefined ? large : Number(args[0])
    const few = await walk(small)
    const many = await walk(most)
    const fewest = Math.ceil(most / perPage) + lists
    return {
      customers: many.run.customers,
      calls: many.calls,
      fewest_calls: fewest,
      calls_ratio: many.calls / fewest,
      memory_mb_1k: few.heldMb,
      memory_mb: many.heldMb,
      memory_ratio: many.heldMb / few.heldMb,
      resident_mb_1k: few.peakMb,
      resident_mb: many.peakMb,
      customers_per_s: many.run.customers / many.seconds,
      seconds: many.seconds,
      worked_out_after_s: many.backlogSeconds,
      seconds_1k: few.seconds,
    }
  },
}
