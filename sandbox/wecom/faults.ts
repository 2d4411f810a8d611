import type { z } from 'zod'
import type { ActiveFault, Fault } from './admin/endpoints/faults.ts'
import type { Secret } from './api/endpoint.ts'
import type { Clock } from './clock.ts'
import { endOfDay } from './company/days.ts'

type FaultSpec = z.output<typeof Fault>
type Active = z.output<typeof ActiveFault>

/** The fault that hits a call. `errcode` is what the call answers instead of doing anything, undefined when the kind is another. */
export interface Hit {
  fault: Active
  errcode: number | undefined
}

export interface Faults {
  add(fault: FaultSpec): Active
  /** Those that still hit something. */
  list(): Active[]
  /** The fault that hits this call, if any; counts it. */
  take(path: string, secret: Secret | undefined): Hit | undefined
  clear(id?: string): void
}

interface Row {
  fault: Active
  /** When it is over: by real time, by the stand-in's clock. */
  until: number
  clockUntil: number
}

const RATE_MS = 60_000
const LASTING: readonly FaultSpec['kind'][] = ['rate_limit', 'quota_used', 'ip_refused', 'app_not_allowed']

/**
 * Faults in the order they were set; the first that fits hits. `forMs` runs in real time, so that a clock jump does not end it; the windows of
 * rate_limit and quota_used are the stand-in's, so that it does.
 */
export function createFaults(clock: Clock): Faults {
  let active: Row[] = []
  let next = 1
  const alive = ({ fault, until, clockUntil }: Row): boolean =>
    fault.left !== 0 && Date.now() < until && clock.now() < clockUntil
  const shown = ({ fault, until, clockUntil }: Row): Active => {
    const remaining = Math.min(until - Date.now(), clockUntil - clock.now())
    return { ...fault, remainingMs: remaining === Infinity ? null : Math.max(0, Math.round(remaining)) }
  }

  return {
    add(spec) {
      const lasts = spec.forMs !== undefined || LASTING.includes(spec.kind)
      const times = spec.times ?? (lasts ? 0 : 1)
      const row: Row = {
        fault: { ...spec, id: `F${next++}`, left: times === 0 ? null : times, remainingMs: null, hits: 0 },
        until: spec.forMs === undefined ? Infinity : Date.now() + spec.forMs,
        clockUntil: Infinity,
      }
      if (!spec.after) begin(row, clock.now())
      active.push(row)
      return shown(row)
    },
    list: () => active.filter(alive).map(shown),
    take(path, secret) {
      active = active.filter(alive)
      for (const row of active) {
        const { fault } = row
        if (!matches(fault, path, secret)) continue
        if (fault.after !== undefined && fault.after > 0) {
          fault.after -= 1
          continue
        }
        if (row.clockUntil === Infinity) begin(row, clock.now())
        fault.hits += 1
        if (fault.left !== null) fault.left -= 1
        return { fault: shown(row), errcode: errcodeOf(fault, path) }
      }
      return undefined
    },
    clear(id) {
      active = id === undefined ? [] : active.filter((one) => one.fault.id !== id)
    },
  }
}

/** The window of a limit opens. */
function begin(row: Row, now: number): void {
  if (row.fault.kind === 'rate_limit') row.clockUntil = now + (row.fault.ms ?? RATE_MS)
  if (row.fault.kind === 'quota_used') row.clockUntil = endOfDay(now)
}

function matches({ path: wanted, exact, secret: only }: Active, path: string, secret: Secret | undefined): boolean {
  return (exact ? path === wanted : path.startsWith(wanted)) && (only === undefined || only === secret)
}

function errcodeOf({ kind, errcode }: Active, path: string): number | undefined {
  switch (kind) {
    case 'errcode':
      return errcode ?? -1
    case 'rate_limit':
      return 45009
    case 'quota_used':
      return quotaCode(path)
    case 'ip_refused':
      return 60020
    case 'app_not_allowed':
      return 48002
    default:
      return undefined
  }
}

/** What the platform says when the quota of this API is used up. */
function quotaCode(path: string): number {
  if (/add_contact_way|add_join_way/.test(path)) return 41045
  if (path.includes('customer_acquisition')) return 41095
  if (path.includes('add_corp_tag')) return 40126
  return 45009
}
