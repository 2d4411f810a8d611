import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'

const LIFE_MS = 10 * 60_000
const shape = /^([0-9a-z]{1,11})Z([0-9a-f]{64})$/

/** Whether a browser may be sent there after signing in: a path of our own, nothing that leads to another host. */
export const isLocalPath = (to: string): boolean => {
  const base = 'http://local.invalid'
  return /^\/(?![/\\])/.test(to) && URL.canParse(to, base) && new URL(to, base).origin === base
}

export type LoginState = { make: (to: string) => string; holds: (state: string, to: string) => boolean }

/**
 * The `state` of an OAuth round trip: good for 10 minutes and for one target. WeCom allows at most 128 letters and digits, which a
 * signed token with the target inside would break; so the target travels in the redirect address and the state signs it.
 */
export const createLoginState = (secret: string, clock: Clock): LoginState => {
  const sign = (until: string, to: string): string =>
    createHmac('sha256', secret).update(`login ${until} ${to}`).digest('hex')
  return {
    make: (to) => {
      const until = (clock.now() + LIFE_MS).toString(36)
      return `${until}Z${sign(until, to)}`
    },
    holds: (state, to) => {
      const [, until, signature] = shape.exec(state) ?? []
      if (until === undefined || signature === undefined) return false
      const good = timingSafeEqual(Buffer.from(sign(until, to)), Buffer.from(signature))
      return good && Number.parseInt(until, 36) > clock.now()
    },
  }
}
