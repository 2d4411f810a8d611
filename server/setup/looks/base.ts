import type { Clock } from '../../platform/clock.ts'
import { ok, once, unknown, whyOf, wrong, type Looks } from '../look.ts'
import type { MongoFacts, RedisFacts } from '../stores.ts'

const TIMEOUT_MS = 8000
/** Signatures and the window of callbacks bear minutes; half of one is time to look. */
const SKEW_S = 30
const least = { mongo: '5.0', redis: '6.2' }

/** Whether a version is at least another, number by number. */
export const atLeast = (version: string, wanted: string): boolean => {
  const [have, want] = [version.split('.').map(Number), wanted.split('.').map(Number)]
  for (const [index, number] of want.entries()) {
    const mine = have[index] ?? 0
    if (mine !== number) return mine > number
  }
  return true
}

export type BaseDeps = {
  apiBase: string
  clock: Clock
  /** What is wrong with the settings, one line each. */
  problems: readonly string[]
  mongo: () => Promise<MongoFacts>
  redis: () => Promise<RedisFacts>
}

/** The server's own ground: settings, stores, the way to WeCom, the time. */
export const baseLooks = ({ apiBase, clock, problems, mongo, redis }: BaseDeps) => {
  /** Any answer of the API will do; without a secret it is an errcode. */
  const touch = once(async () => {
    const before = performance.now()
    const response = await fetch(`${apiBase}/cgi-bin/gettoken`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.arrayBuffer()
    const took = Math.round(performance.now() - before)
    return { status: response.status, took, date: Date.parse(response.headers.get('date') ?? ''), at: clock.now() }
  })
  const looks: Looks<'settings' | 'mongo' | 'redis' | 'api' | 'clock'> = {
    settings: () =>
      Promise.resolve(
        problems.length === 0 ? ok('settings.ok') : wrong('settings.problems', { problems: problems.join('; ') }),
      ),
    mongo: async () => {
      try {
        const { version, set } = await mongo()
        if (!atLeast(version, least.mongo)) return wrong('mongo.old', { version, least: least.mongo })
        return set === null ? wrong('mongo.alone', { version }) : ok('mongo.ok', { version, set })
      } catch (error) {
        return wrong('store.away', { why: whyOf(error) })
      }
    },
    redis: async () => {
      try {
        const { version, persistent, policy } = await redis()
        if (!atLeast(version, least.redis)) return wrong('redis.old', { version, least: least.redis })
        if (policy !== 'noeviction') return wrong('redis.evicts', { policy })
        return persistent ? ok('redis.ok', { version }) : wrong('redis.volatile', { version })
      } catch (error) {
        return wrong('store.away', { why: whyOf(error) })
      }
    },
    api: async () => {
      try {
        const { status, took } = await touch()
        if (status !== 200) return wrong('api.away', { base: apiBase, why: `HTTP ${status}` })
        return ok('api.ok', { base: apiBase, took })
      } catch (error) {
        return wrong('api.away', { base: apiBase, why: whyOf(error) })
      }
    },
    clock: async () => {
      const { date, at } = await touch().catch(() => ({ date: Number.NaN, at: 0 }))
      if (Number.isNaN(date)) return unknown('clock.unseen')
      // The Date header is cut to whole seconds.
      const seconds = Math.max(0, Math.round(Math.abs(at - date - 500) / 1000))
      return seconds > SKEW_S ? wrong('clock.off', { seconds }) : ok('clock.ok', { seconds })
    },
  }
  return looks
}
