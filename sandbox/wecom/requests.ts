import { AsyncLocalStorage } from 'node:async_hooks'
import type { z } from 'zod'
import type { RequestRecord } from './admin/endpoints/watch.ts'

type Record = z.infer<typeof RequestRecord>

/** The calls of the platform's API. */
export interface RequestLog {
  /** Does the work of one call; what it brings about knows the call's id. Its record is added when the work is done. */
  run(work: (id: string) => Promise<Omit<Record, 'id'>>): Promise<void>
  /** The id of the call whose work this is. */
  current(): string | undefined
  /** `since` is epoch ms (inclusive) or the id of the last record known. */
  query(path: string | undefined, since: string | undefined): Record[]
  clear(): void
}

const KEPT = 50_000

/** The last 50,000 calls, in memory, in the order they ended. Ids are unique across runs. */
export function createRequestLog(): RequestLog {
  const storage = new AsyncLocalStorage<string>()
  const run = Math.floor(Date.now() / 1000).toString(36)
  let records: Record[] = []
  let next = 1
  return {
    async run(work) {
      const id = `R${run}-${String(next++).padStart(9, '0')}`
      const record = await storage.run(id, () => work(id))
      records.push({ id, ...record })
      if (records.length > KEPT * 1.2) records = records.slice(-KEPT)
    },
    current: () => storage.getStore(),
    query(path, since) {
      const from = since === undefined || /^\d+$/.test(since) ? -1 : records.findIndex((one) => one.id === since)
      return records.filter(
        (record, at) =>
          (path === undefined || record.path.startsWith(path)) &&
          at > from &&
          (since === undefined || !/^\d+$/.test(since) || record.at >= Number(since)),
      )
    },
    clear() {
      records = []
    },
  }
}
