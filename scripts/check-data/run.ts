import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { createClient } from '@zhiyin/shared/api/client'
import { imports, type Import } from '@zhiyin/shared/api/imports'
import { companyCurrency } from '@zhiyin/shared/money'
import { startStack, type Stack } from '../../sandbox/stack/stack.ts'
import type { DataSet, Figures } from './sets.ts'

const partBytes = 4 * 1024 * 1024
const root = resolve(import.meta.dirname, '../..')

const clientOf = ({ serverUrl, secrets }: Stack) =>
  createClient({
    base: serverUrl,
    lang: () => 'en',
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${secrets.ADMIN_API_KEY}` } }),
  })

/** Uploads, maps, starts, waits; amounts are taken as the company's currency, in which spend is counted. */
const bring = async (stack: Stack, set: DataSet, csv: string): Promise<Import> => {
  const { call } = clientOf(stack)
  const bytes = new Uint8Array(Buffer.from(csv))
  let one = await call(imports.create, { body: { kind: 'orders', name: `${set.name}.csv`, size: bytes.length } })
  const params = { id: one.id }
  for (let at = 0; at < bytes.length; at = one.received)
    one = await call(imports.upload, { params, query: { at }, file: bytes.slice(at, at + partBytes) })
  const mapping = { columns: [...set.columns], currency: companyCurrency }
  await call(imports.start, { params, body: { mapping } })
  for (;;) {
    one = (await call(imports.get, { params })).import
    if (one.state !== 'running') return one
    await sleep(500)
  }
}

/** What the profiles add up to, once every fact is in one. */
const counted = async (stack: Stack, { counts }: Import): Promise<Figures> => {
  const client = new MongoClient(stack.mongoUrl)
  try {
    const database = client.db()
    while ((await database.collection('facts').countDocuments({ pending: { $exists: true } })) > 0) await sleep(500)
    const [sum] = await database
      .collection('customers')
      .aggregate<{ customers: number; orders: number; revenue: number }>([
        { $group: { _id: null, customers: { $sum: 1 }, orders: { $sum: '$orders' }, revenue: { $sum: '$spend' } } },
      ])
      .toArray()
    const { customers = 0, orders = 0, revenue = 0 } = sum ?? {}
    return { customers, orders, revenue, rejected: counts.rejected }
  } finally {
    await client.close()
  }
}

/** The most memory a process has held, in MB. */
const peakOf = (pid: number | undefined): number => {
  const status = pid === undefined ? '' : readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

export type Outcome = { found: Figures; again: Import['counts']; one: Import; seconds: number; peak: number }

/** A data set in a stack of its own, twice: the second time must change nothing. */
export const runSet = async (set: DataSet, csv: string): Promise<Outcome> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-check-'))
  const stack = await startStack({ root, dataDir })
  try {
    const began = performance.now()
    const one = await bring(stack, set, csv)
    const found = await counted(stack, one)
    const seconds = (performance.now() - began) / 1000
    const again = await bring(stack, set, csv)
    return { found, again: again.counts, one, seconds, peak: peakOf(stack.processes.web.pid) }
  } finally {
    await stack.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
