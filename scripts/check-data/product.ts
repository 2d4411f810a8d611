import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MongoClient } from 'mongodb'
import { createClient } from '@zhiyin/shared/api/client'
import { imports, type Import } from '@zhiyin/shared/api/imports'
import { tiers } from '@zhiyin/shared/api/tiers'
import type { Target } from '@zhiyin/shared/import'
import { startStack } from '../../sandbox/stack/stack.ts'
import { ClockState } from '../../sandbox/wecom/admin/contract.ts'

const partBytes = 4 * 1024 * 1024
const root = resolve(import.meta.dirname, '../..')

/** What is read of a customer; their `user_id` stands beside. */
export type CustomerRecord = {
  readonly _id: string
  readonly state: {
    readonly orders: readonly {
      readonly placed: { readonly at: Date; readonly amount: number; readonly currency?: string }
    }[]
  }
  readonly stage: { readonly stage: string }
  readonly levels: readonly {
    readonly scheme: string
    readonly tier: string
    readonly rfm: { readonly scores: { r: number; f: number; m: number }; readonly group: string } | null
  }[]
  readonly orders: number
  readonly spend: number
}

/** Memory a process holds now, in MB; 0 while there is none. */
const memoryOf = (pid: number | undefined): number => {
  if (pid === undefined) return 0
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

/** A product of its own with its stores, empty, in a folder that goes with it. */
export const startProduct = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-check-'))
  const stack = await startStack({ root, dataDir })
  const store = new MongoClient(stack.mongoUrl)
  const database = store.db()
  const authorization = `Bearer ${stack.secrets.ADMIN_API_KEY}`
  const { call } = createClient({
    base: stack.serverUrl,
    lang: () => 'en',
    fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization } }),
  })
  const clock = async (path: string, body?: object): Promise<number> => {
    const init = body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    return ClockState.parse(await (await fetch(`${stack.wecomUrl}/sandbox/api/clock${path}`, init)).json()).now
  }
  const now = (): Promise<number> => clock('')

  const start = async (name: string, csv: string, columns: readonly Target[], currency: string): Promise<string> => {
    const bytes = new Uint8Array(Buffer.from(csv))
    let one = await call(imports.create, { body: { kind: 'orders', name: `${name}.csv`, size: bytes.length } })
    const params = { id: one.id }
    for (let at = 0; at < bytes.length; at = one.received)
      one = await call(imports.upload, { params, query: { at }, file: bytes.slice(at, at + partBytes) })
    await call(imports.start, { params, body: { mapping: { columns: [...columns], currency } } })
    return one.id
  }

  /** Looks every half second until the import is over; `look` sees it on the way. */
  const over = async (id: string, look?: (one: Import, memory: number) => Promise<void>): Promise<Import> => {
    for (;;) {
      const { import: one } = await call(imports.get, { params: { id } })
      if (one.state !== 'running') return one
      await look?.(one, memoryOf(stack.processes.web.pid))
      await sleep(500)
    }
  }

  /** Until every fact is in its profile, whoever is due has been looked at, and nobody is to be worked out anew. */
  const quiet = async (): Promise<void> => {
    const waiting = { pending: { $exists: true } }
    for (let calm = 0; calm < 2; calm += 1) {
      const facts = await database.collection('facts').countDocuments(waiting, { limit: 1 })
      const due = { lookAt: { $lte: new Date(await now()) } }
      const late = await database.collection('customers').countDocuments(due, { limit: 1 })
      const { recomputing } = await call(tiers.list, {})
      if (facts + late > 0 || recomputing !== null) calm = -1
      await sleep(500)
    }
  }

  return {
    call,
    database,
    now,
    setClock: (at: number): Promise<number> => clock('/set', { now: at }),
    advance: (ms: number): Promise<number> => clock('/advance', { ms }),
    start,
    over,
    quiet,
    bring: async (name: string, csv: string, columns: readonly Target[], currency: string): Promise<Import> =>
      over(await start(name, csv, columns, currency)),

    /** The file of refused rows. */
    async rejected(id: string): Promise<string> {
      const url = `${stack.serverUrl}/api/imports/${id}/rejected.csv?lang=en`
      return (await fetch(url, { headers: { authorization } })).text()
    },

    /** kill -9, and up again. The lease of the dead process runs out at once. */
    async crash(): Promise<void> {
      await stack.processes.web.stop('SIGKILL')
      await stack.processes.web.start()
      await clock('/advance', { ms: 61_000 })
    },

    /** Every customer by their user id. */
    async customers(): Promise<Map<string, CustomerRecord>> {
      const identities = database.collection<{ _id: string; customerId: string }>('identities')
      const names = new Map<string, string>()
      for await (const { _id, customerId } of identities.find())
        if (_id.startsWith('user_id:')) names.set(customerId, _id.slice('user_id:'.length))
      const found = new Map<string, CustomerRecord>()
      for await (const one of database.collection<CustomerRecord>('customers').find())
        found.set(names.get(one._id) ?? one._id, one)
      return found
    },

    async close(): Promise<void> {
      await store.close()
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
export type Product = Awaited<ReturnType<typeof startProduct>>
