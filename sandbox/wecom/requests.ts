/** One call of the platform's API. `errcode` null: the caller got no errcode (hang, cut before, HTTP error, unknown path). */
interface RequestRecord {
  id: string
  at: number
  method: string
  path: string
  errcode: number | null
  ms: number
  fault?: string
}

export interface RequestLog {
  add(record: Omit<RequestRecord, 'id'>): void
  /** `since` is epoch ms (inclusive) or the id of the last record known. */
  query(path: string | undefined, since: string | undefined): RequestRecord[]
  clear(): void
}

const KEPT = 50_000

/** The last 50,000 calls, in memory. */
export function createRequestLog(): RequestLog {
  let records: RequestRecord[] = []
  let next = 1
  return {
    add(record) {
      records.push({ id: `R${String(next++).padStart(9, '0')}`, ...record })
      if (records.length > KEPT * 1.2) records = records.slice(-KEPT)
    },
    query(path, since) {
      return records.filter(
        (record) =>
          (path === undefined || record.path.startsWith(path)) &&
          (since === undefined || (/^\d+$/.test(since) ? record.at >= Number(since) : record.id > since)),
      )
    },
    clear() {
      records = []
    },
  }
}
