import type { z } from 'zod'
import type { LedgerEntry } from '../admin/contract.ts'
import type { LedgerQuery } from '../admin/endpoints/watch.ts'
import type { Live } from '../live.ts'
import type { Table } from '../store/table.ts'
import { createLedgerIndex } from './ledger-index.ts'

export type Entry = z.infer<typeof LedgerEntry>
type Query = z.output<typeof LedgerQuery>

/** What everybody really received, in the order of arrival. */
export interface Ledger {
  add(entry: Omit<Entry, 'id' | 'at' | 'requestId'>): Entry
  /** Takes an entry back, or changes what it says (a card), where everybody looks at it. */
  change(id: string, fields: Partial<Pick<Entry, 'recalled' | 'content'>>): void
  /** The first `limit` entries that fit. */
  query(query: Query, limit?: number): Entry[]
  count(query: Query): number
  /** The lines between one member and one customer, both directions. */
  pair(userid: string, externalUserid: string): Entry[]
  /** The lines of one group. */
  group(chatId: string): Entry[]
  /** Forgets the index; the table is emptied by the store. */
  reset(): void
}

interface Deps {
  table: Table<Entry>
  live: Live
  now: () => number
  /** The API request being answered, if any. */
  requestId: () => string | undefined
}

/** A ledger over its table. */
export function createLedger({ table, live, now, requestId }: Deps): Ledger {
  const index = createLedgerIndex()
  let next = 1
  for (const entry of table.values()) {
    index.add(entry)
    next = Math.max(next, Number(entry.id.slice(1)) + 1)
  }
  const query = (asked: Query, limit = Infinity): Entry[] => {
    const found: Entry[] = []
    if (limit > 0) index.walk(asked, (entry) => found.push(entry) < limit)
    return found
  }

  return {
    add(fields) {
      const request = requestId()
      const entry: Entry = { id: `L${String(next++).padStart(8, '0')}`, at: now(), ...fields }
      if (request !== undefined) entry.requestId = request
      table.set(entry.id, entry)
      index.add(entry)
      live.publish({ type: 'ledger', entry })
      return entry
    },
    change(id, fields) {
      const old = table.get(id)
      if (!old) return
      const entry = { ...old, ...fields }
      table.set(id, entry)
      index.replace(entry)
      live.publish({ type: 'ledger', entry })
    },
    query,
    count(asked) {
      let count = 0
      index.walk(asked, () => {
        count += 1
        return true
      })
      return count
    },
    pair(userid, externalUserid) {
      const said = query({ to: userid, from: externalUserid })
      const heard = query({ to: externalUserid, from: userid })
      return [...said, ...heard].toSorted((a, b) => (a.id < b.id ? -1 : 1))
    },
    group: (chatId) => query({ to: chatId }),
    reset() {
      index.clear()
      next = 1
    },
  }
}
