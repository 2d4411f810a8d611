import type { z } from 'zod'
import type { LedgerQuery } from '../admin/endpoints/watch.ts'
import type { Entry } from './ledger.ts'

type Query = z.output<typeof LedgerQuery>

/** Finds ledger entries without looking at all of them. */
export interface LedgerIndex {
  /** In the order of arrival. */
  add(entry: Entry): void
  /** Puts an entry in the place of the one with its id; only what is not looked for by list may differ. */
  replace(entry: Entry): void
  /** Goes through the entries that fit, oldest first, until `visit` says false. */
  walk(query: Query, visit: (entry: Entry) => boolean): void
  clear(): void
}

/**
 * Entries by receiver, sender, way and cause. A query walks the shortest of the lists that may hold its answers, from the place `since` names:
 * found by halving, as ids only rise; times too, unless the clock was set back.
 */
export function createLedgerIndex(): LedgerIndex {
  let all: Entry[] = []
  const byTo = new Map<string, Entry[]>()
  const byFrom = new Map<string, Entry[]>()
  const byVia = new Map<string, Entry[]>()
  const byRequest = new Map<string, Entry[]>()
  let timesRise = true

  const candidates = ({ to, from, via, request }: Query): Entry[] => {
    const lists = [all]
    if (to !== undefined) lists.push(byTo.get(to) ?? [])
    if (from !== undefined) lists.push(byFrom.get(from) ?? [])
    if (via !== undefined) lists.push(byVia.get(via) ?? [])
    if (request !== undefined) lists.push(byRequest.get(request) ?? [])
    return lists.reduce((best, list) => (list.length < best.length ? list : best))
  }

  return {
    add(entry) {
      const last = all.at(-1)
      if (last && last.at > entry.at) timesRise = false
      all.push(entry)
      append(byTo, entry.to.id, entry)
      append(byFrom, entry.from, entry)
      append(byVia, entry.via, entry)
      append(byRequest, entry.request, entry)
      if (entry.requestId !== undefined) append(byRequest, entry.requestId, entry)
    },
    replace(entry) {
      const lists = [
        all,
        byTo.get(entry.to.id),
        byFrom.get(entry.from),
        byVia.get(entry.via),
        byRequest.get(entry.request),
      ]
      if (entry.requestId !== undefined) lists.push(byRequest.get(entry.requestId))
      for (const list of lists)
        list?.splice(
          place(list, (one) => one.id >= entry.id),
          1,
          entry,
        )
    },
    walk(query, visit) {
      const list = candidates(query)
      const { since = '', until = Infinity } = query
      const isTime = /^\d+$/.test(since)
      const from = isTime ? Number(since) : -Infinity
      let start = 0
      if (since !== '' && !isTime) start = place(list, (entry) => entry.id > since)
      else if (isTime && timesRise) start = place(list, (entry) => entry.at >= from)
      for (let i = start; i < list.length; i++) {
        const entry = list[i]
        if (!entry) return
        if (entry.at >= until && timesRise) return
        if (entry.at >= from && entry.at < until && fits(entry, query) && !visit(entry)) return
      }
    },
    clear() {
      all = []
      for (const map of [byTo, byFrom, byVia, byRequest]) map.clear()
      timesRise = true
    },
  }
}

function fits(entry: Entry, { to, from, via, msgtype, text, request }: Query): boolean {
  return (
    (to === undefined || entry.to.id === to) &&
    (from === undefined || entry.from === from) &&
    (via === undefined || entry.via === via) &&
    (msgtype === undefined || entry.msgtype === msgtype) &&
    (text === undefined || entry.text.includes(text)) &&
    (request === undefined || entry.request === request || entry.requestId === request)
  )
}

function append(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const list = index.get(key)
  if (list) list.push(entry)
  else index.set(key, [entry])
}

/** Where the first entry stands that is late enough, in a list sorted that way. */
function place(list: readonly Entry[], isLate: (entry: Entry) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    const entry = list[middle]
    if (entry && isLate(entry)) high = middle
    else low = middle + 1
  }
  return low
}
