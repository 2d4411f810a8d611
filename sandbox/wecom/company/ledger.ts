import type { z } from 'zod'
import type { LedgerEntry } from '../admin/contract.ts'
import type { Live } from '../live.ts'
import type { Table } from '../store/table.ts'

export type Entry = z.infer<typeof LedgerEntry>

/** Which entries to read; `since` is epoch ms (inclusive) or the id of the last entry already known. */
interface LedgerQuery {
  to?: string | undefined
  via?: string | undefined
  from?: string | undefined
  since?: string | undefined
}

/** What everybody really received, in the order of arrival. */
export interface Ledger {
  add(entry: Omit<Entry, 'id' | 'at'>): Entry
  query(query: LedgerQuery): Entry[]
  /** The lines between one member and one customer, both directions. */
  pair(userid: string, externalUserid: string): Entry[]
  /** The lines of one group. */
  group(chatId: string): Entry[]
  /** Forgets the index; the table is emptied by the store. */
  reset(): void
}

/** A ledger over its table, indexed by who is named in an entry. */
export function createLedger(table: Table<Entry>, live: Live, now: () => number): Ledger {
  const byParty = new Map<string, Entry[]>()
  let next = 1
  const index = (entry: Entry): void => {
    for (const party of new Set([entry.to.id, entry.from])) {
      const list = byParty.get(party)
      if (list) list.push(entry)
      else byParty.set(party, [entry])
    }
    next = Math.max(next, Number(entry.id.slice(1)) + 1)
  }
  for (const entry of table.values()) index(entry)

  return {
    add(fields) {
      const entry: Entry = { id: `L${String(next).padStart(8, '0')}`, at: now(), ...fields }
      table.set(entry.id, entry)
      index(entry)
      live.publish({ type: 'ledger', entry })
      return entry
    },
    query({ to, via, from, since }) {
      const party = to ?? from
      const entries = party === undefined ? [...table.values()] : (byParty.get(party) ?? [])
      const after = since === undefined || since === '' ? () => true : sinceFilter(since)
      return entries.filter(
        (entry) =>
          (to === undefined || entry.to.id === to) &&
          (from === undefined || entry.from === from) &&
          (via === undefined || entry.via === via) &&
          after(entry),
      )
    },
    pair(userid, externalUserid) {
      return (byParty.get(externalUserid) ?? []).filter(
        (entry) =>
          (entry.to.id === externalUserid && entry.from === userid) ||
          (entry.to.id === userid && entry.from === externalUserid),
      )
    },
    group(chatId) {
      return (byParty.get(chatId) ?? []).filter((entry) => entry.to.id === chatId)
    },
    reset() {
      byParty.clear()
      next = 1
    },
  }
}

function sinceFilter(since: string): (entry: Entry) => boolean {
  if (/^\d+$/.test(since)) return (entry) => entry.at >= Number(since)
  return (entry) => entry.id > since
}
