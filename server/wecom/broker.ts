import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { WecomError } from './errors.ts'
import { answerOf, type SharedStore } from './store.ts'
import { wecomErrorKinds } from './types.ts'
import type { Vault } from './vault.ts'

/** Renewed in the background this long before its end, or at half its life when that is shorter, while the old one is still used. */
const AHEAD_MS = 10 * 60_000
/** Not used in its last moments, since the call takes time too. */
const LAST_MS = 30_000
/** A fetch is over in 4 s (withinMs of its endpoint), so a holder that was killed keeps the others no longer than this. */
const LOCK_MS = 5000
const POLL_MS = 50
/** The clocks of processes differ by no more. */
const SKEW_MS = 60_000
/** One renewal ahead of time in this long, of all processes. */
const AHEAD_AGAIN_MS = 30_000
/** After WeCom has refused the secret nobody asks for this long; real time. */
const REFUSED_MS = 10_000

/** Something WeCom lends for a while: an access token or a ticket. */
export type Loan = { readonly value: string; readonly expiresInSeconds: number }
/** `id` names the fetch: WeCom may lend the same value again, and who holds it from before must not fetch once more. */
const Kept = z.object({
  id: z.string(),
  value: z.string(),
  askedAt: z.number(),
  aheadFrom: z.number(),
  usableUntil: z.number(),
  /** Who finds it refused before that does not fetch another. */
  restUntil: z.number(),
})
type Kept = z.output<typeof Kept>
type Lent = { readonly id: string; readonly value: string }

const Refused = z.object({ kind: z.enum(wecomErrorKinds), path: z.string(), errcode: z.int(), hint: z.string() })

export type Broker = {
  get(): Promise<Lent>
  /**
   * Of a later fetch than `stale`, which WeCom has just refused; fetched once however many ask with the same one. Answers the stale one
   * again when that is too young to be renewed (`restMs`).
   */
  renew(stale: Lent): Promise<Lent>
}
/** When the loan was fetched and until when it is used; null when there is none. */
export type LoanState = { readonly fetchedAt: Date; readonly usableUntil: Date } | null
export type Lender = Broker & { state(): Promise<LoanState> }

type Deps = {
  name: string
  fetch: () => Promise<Loan>
  redis: SharedStore
  vault: Vault
  clock: Clock
  log: Log
  /** How long a refused loan stays after a usual fetch, and after a renewal. */
  restMs: { readonly fetched: number; readonly renewed: number }
  onFetch?: (outcome: 'fetched' | 'failed') => void
}

const unlock = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0"

/**
 * Shares one token or ticket between all processes (limits.md §1): in memory, else in Redis (sealed), else fetched by whoever holds the
 * lock, while the others wait for it. Without Redis every process fetches for itself.
 */
export const createBroker = ({ name, fetch, redis, vault, clock, log, restMs, onFetch }: Deps): Lender => {
  const key = `zhiyin:wecom:${name}`
  let local: Kept | null = null
  let flight: Promise<Kept> | null = null
  let ahead: Promise<void> | null = null
  let refused: { readonly error: WecomError; readonly until: number } | null = null

  const shared = <T>(command: () => Promise<T>): Promise<T | null> => answerOf(command, log, name)
  const claim = (suffix: string, mine: string, ms: number): Promise<boolean | null> =>
    shared(() => redis.set(`${key}:${suffix}`, mine, 'PX', ms, 'NX').then((ok) => ok === 'OK'))

  const usable = (kept: Kept | null, stale: Lent | null): kept is Kept => {
    if (kept === null || kept.usableUntil <= clock.now()) return false
    // Fetched in what is the future now: the clock went back, none of its times holds.
    if (kept.askedAt > clock.now() + SKEW_MS) return false
    return kept.id !== stale?.id || kept.restUntil > clock.now()
  }

  const read = async (): Promise<Kept | null> => {
    const sealed = await shared(() => redis.get(key))
    const text = sealed === null ? null : vault.open(sealed)
    return text === null ? null : (Kept.safeParse(JSON.parse(text)).data ?? null)
  }

  /** The same refusal for all who ask within a few seconds: a wrong secret does not become right by asking again and again. */
  const mindRefusal = async (): Promise<void> => {
    if (refused !== null && performance.now() < refused.until) throw refused.error
    const told = await shared(() => redis.get(`${key}:refused`))
    const known = told === null ? null : Refused.safeParse(JSON.parse(told)).data
    if (known) throw new WecomError(known)
  }
  const noteRefusal = async (error: unknown): Promise<void> => {
    if (!(error instanceof WecomError) || (error.kind !== 'config' && error.kind !== 'refused')) return
    const { kind, path, errcode, hint } = error
    refused = { error, until: performance.now() + REFUSED_MS }
    await shared(() => redis.set(`${key}:refused`, JSON.stringify({ kind, path, errcode, hint }), 'PX', REFUSED_MS))
  }

  const fetchNew = async (stale: Lent | null): Promise<Kept> => {
    const askedAt = clock.now()
    const { value, expiresInSeconds } = await fetch().catch((error: unknown) => {
      onFetch?.('failed')
      throw error
    })
    onFetch?.('fetched')
    const life = expiresInSeconds * 1000
    const kept = {
      id: randomUUID(),
      value,
      askedAt,
      aheadFrom: askedAt + Math.max(life - AHEAD_MS, life / 2),
      usableUntil: askedAt + life - Math.min(LAST_MS, life / 10),
      restUntil: askedAt + (stale === null ? restMs.fetched : restMs.renewed),
    }
    await shared(() => redis.set(key, vault.seal(JSON.stringify(kept)), 'PX', Math.max(life, 1000)))
    return kept
  }

  const fetchNoted = (stale: Lent | null): Promise<Kept> =>
    fetchNew(stale).catch(async (error: unknown) => {
      await noteRefusal(error)
      throw error
    })

  const fetchAlone = async (stale: Lent | null): Promise<Kept> => {
    const mine = randomUUID()
    const found = async (): Promise<Kept | null> => {
      const kept = await read()
      return usable(kept, stale) ? kept : null
    }
    for (let waited = 0; waited < 2 * LOCK_MS; waited += POLL_MS) {
      const kept = await found()
      if (kept) return kept
      await mindRefusal()
      const locked = await claim('lock', mine, LOCK_MS)
      if (locked === null) break
      if (!locked) {
        await sleep(POLL_MS)
        continue
      }
      try {
        // Whoever had the lock may have left a loan or a refusal since it was looked for.
        const left = await found()
        if (left) return left
        await mindRefusal()
        return await fetchNoted(stale)
      } finally {
        await shared(() => redis.eval(unlock, 1, `${key}:lock`, mine))
      }
    }
    return fetchNoted(stale)
  }

  const load = (stale: Lent | null): Promise<Kept> => {
    flight ??= fetchAlone(stale).finally(() => (flight = null))
    return flight
  }

  /** Renews while the loan is still good. What another process has fetched already is taken over; a failure is tried again later. */
  const renewAhead = async (old: Kept): Promise<void> => {
    const kept = await read()
    if (kept !== null && kept.id !== old.id && kept.askedAt >= old.askedAt) local = kept
    else if ((await claim('ahead', old.id, AHEAD_AGAIN_MS)) !== false) local = await fetchNew(null)
    else await sleep(1000, undefined, { ref: false })
  }
  const lookAhead = (old: Kept): void => {
    ahead ??= renewAhead(old)
      .catch(async (error: unknown) => {
        log.warn({ err: error, loan: name }, 'not renewed ahead of its end; the old one is used meanwhile')
        await sleep(AHEAD_AGAIN_MS, undefined, { ref: false })
      })
      .finally(() => (ahead = null))
  }

  const current = async (stale: Lent | null): Promise<Lent> => {
    if (!usable(local, stale)) {
      local = await load(stale)
      // somebody else's flight may have found the one that is stale for us
      if (!usable(local, stale)) local = await load(stale)
    }
    if (local.aheadFrom <= clock.now()) lookAhead(local)
    return local
  }

  return {
    get: () => current(null),
    renew: (stale) => current(stale),
    state: async () => {
      const kept = local ?? (await read())
      return kept && { fetchedAt: new Date(kept.askedAt), usableUntil: new Date(kept.usableUntil) }
    },
  }
}
