import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Permission } from '@zhiyin/shared/api/endpoint'
import { AppError } from '../errors.ts'

/** Requests per second and caller. Each web process counts for itself; the ingest figure is a guard against loops, not a quota. */
const perSecond: Readonly<Record<'public' | 'ingest' | 'people', number>> = { public: 30, ingest: 5000, people: 100 }

const kindOf = (permission: Permission): keyof typeof perSecond =>
  permission === 'public' || permission === 'ingest' ? permission : 'people'

export type RateLimit = (permission: Permission, caller: string) => Promise<void>

/** Refuses a caller who asks too often, saying when to come back. */
export const createRateLimit = (): RateLimit => {
  const limiter = (kind: keyof typeof perSecond): RateLimiterMemory =>
    new RateLimiterMemory({ points: perSecond[kind] * 10, duration: 10 })
  const limiters = { public: limiter('public'), ingest: limiter('ingest'), people: limiter('people') }
  return async (permission, caller) => {
    try {
      await limiters[kindOf(permission)].consume(caller)
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      throw new AppError('request.too_many', {
        status: 429,
        retry: { afterMs: refusal.msBeforeNext },
        params: { seconds: Math.ceil(refusal.msBeforeNext / 1000) },
      })
    }
  }
}
