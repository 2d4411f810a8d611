import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Vault } from './vault.ts'

/** Renewed this long before its end, or at half its life when that is shorter. */
const EARLY_MS = 5 * 60_000
const LOCK_MS = 10_000
const POLL_MS = 50
const REDIS_MS = 1000

/** The part of Redis the broker uses. */
export type SharedStore = {
  get(key: string): Promise<string | null>
  set(key: string, value: string, px: 'PX', ms: number): Promise<unknown>
  set(key: string, value: string, px: 'PX', ms: number, nx: 'NX'): Promise<string | null>
  eval(script: string, keys: number, ...args: string[]): Promise<unknown>
}

/** Something WeCom lends for a while: an access token or a ticket. */
export type Loan = { readonly value: string; readonly expiresInSeconds: number }
/** `id` names the fetch: WeCom may lend the same value again, and who holds it from before must not fetch once more. */
const Kept = z.object({ id: z.string(), value: z.string(), freshUntil: z.number() })
type Kept = z.output<typeof Kept>
type Lent = { readonly id: string; readonly value: string }

export type Broker = {
  get(): Promise<Lent>
  /** Of a later fetch than `stale`, which WeCom has just refused; fetched once however many ask with the same one. */
  renew(stale: Lent): Promise<Lent>
}

type Deps = {
  name: string
  fetch: () => Promise<Loan>
  redis: SharedStore
  vault: Vault
  clock: Clock
  log: Log
}

const unlock = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

const parse = (vault: Vault, sealed: string | null): Kept | null => {
  const text = sealed === null ? null : vault.open(sealed)
  return text === null ? null : Kept.parse(JSON.parse(text))
}

/**
 * Shares one token or ticket between all processes (limits.md §1): in memory, else in Redis (sealed), else fetched by whoever holds the
 * lock, while the others wait for it. Without Redis every process fetches for itself.
 */
export const createBroker = ({ name, fetch, redis, vault, clock, log }: Deps): Broker => {
  const key = `zhiyin:wecom:${name}`
  let local: Kept | null = null
  let flight: Promise<Kept> | null = null

  /** A Redis command; null when Redis is away or does not answer, since it is only a cache. */
  const shared = async <T>(command: () => Promise<T>): Promise<T | null> => {
    try {
      return await Promise.race([command(), sleep(REDIS_MS, null, { ref: false })])
    } catch (error) {
      log.warn({ err: error, loan: name }, 'redis is away; going on without it')
      return null
    }
  }

  const usable = (kept: Kept | null, stale: Lent | null): kept is Kept =>
    kept !== null && kept.id !== stale?.id && kept.freshUntil > clock.now()

  const fetchNew = async (): Promise<Kept> => {
    const asked = clock.now()
    const { value, expiresInSeconds } = await fetch()
    const life = expiresInSeconds * 1000
    const kept = { id: randomUUID(), value, freshUntil: asked + Math.max(life - EARLY_MS, life / 2) }
    await shared(() => redis.set(key, vault.seal(JSON.stringify(kept)), 'PX', Math.max(life, 1000)))
    return kept
  }

  const read = async (stale: Lent | null): Promise<Kept | null> => {
    const kept = parse(vault, await shared(() => redis.get(key)))
    return usable(kept, stale) ? kept : null
  }

  const fetchAlone = async (stale: Lent | null): Promise<Kept> => {
    const mine = randomUUID()
    for (let waited = 0; waited < LOCK_MS; waited += POLL_MS) {
      const kept = await read(stale)
      if (kept) return kept
      const locked = await shared(() => redis.set(`${key}:lock`, mine, 'PX', LOCK_MS, 'NX').then((ok) => ok === 'OK'))
      if (locked === null) break
      if (!locked) {
        await sleep(POLL_MS)
        continue
      }
      try {
        return (await read(stale)) ?? (await fetchNew())
      } finally {
        await shared(() => redis.eval(unlock, 1, `${key}:lock`, mine))
      }
    }
    return fetchNew()
  }

  const load = (stale: Lent | null): Promise<Kept> => {
    flight ??= fetchAlone(stale).finally(() => (flight = null))
    return flight
  }

  const current = async (stale: Lent | null): Promise<Lent> => {
    if (usable(local, stale)) return local
    local = await load(stale)
    // somebody else's flight may have found the one that is stale for us
    if (local.id === stale?.id) local = await load(stale)
    return local
  }

  return { get: () => current(null), renew: (stale) => current(stale) }
}
