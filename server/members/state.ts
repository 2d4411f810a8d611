import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Cookies } from '../platform/http/cookies.ts'

const LIFE_MS = 10 * 60_000
const shape = /^([0-9a-z]{1,11})Z([0-9a-f]{64})$/
const cookieName = 'zhiyin_login'
const nonceShape = /^[0-9a-f]{32}$/

/** Whether a browser may be sent there after signing in: a path of our own, nothing that leads to another host. */
export const isLocalPath = (to: string): boolean => {
  const base = 'http://local.invalid'
  return /^\/(?![/\\])/.test(to) && URL.canParse(to, base) && new URL(to, base).origin === base
}

export type LoginState = {
  /** A state for this browser and target; the browser is marked by a cookie. */
  make: (to: string, cookies: Cookies) => string
  /** Whether the state was made for this browser and target less than 10 minutes ago. */
  holds: (state: string, to: string, cookies: Pick<Cookies, 'get'>) => boolean
  /** Takes the mark away, and with it every state made so far: each is good once. */
  spend: (cookies: Pick<Cookies, 'set'>) => void
}

/**
 * The `state` of an OAuth round trip: good for 10 minutes, for one target and in the browser that asked, so that nobody can be signed in
 * by a link that somebody else has made. WeCom allows at most 128 letters and digits, which a signed token with the target inside would
 * break; so the target travels in the redirect address and the state signs it.
 */
export const createLoginState = (secret: string, clock: Clock, secure: boolean): LoginState => {
  const sign = (until: string, to: string, nonce: string): string =>
    createHmac('sha256', secret).update(`login ${until} ${nonce} ${to}`).digest('hex')
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  const nonceOf = ({ get }: Pick<Cookies, 'get'>): string | null => {
    const given = get(cookieName) ?? ''
    return nonceShape.test(given) ? given : null
  }
  return {
    make: (to, cookies) => {
      const nonce = nonceOf(cookies) ?? randomBytes(16).toString('hex')
      cookies.set(`${cookieName}=${nonce}; Max-Age=${LIFE_MS / 1000}${attributes}`)
      const until = (clock.now() + LIFE_MS).toString(36)
      return `${until}Z${sign(until, to, nonce)}`
    },
    holds: (state, to, cookies) => {
      const [, until, signature] = shape.exec(state) ?? []
      const nonce = nonceOf(cookies)
      if (until === undefined || signature === undefined || nonce === null) return false
      const good = timingSafeEqual(Buffer.from(sign(until, to, nonce)), Buffer.from(signature))
      return good && Number.parseInt(until, 36) > clock.now()
    },
    spend: ({ set }) => set(`${cookieName}=; Max-Age=0${attributes}`),
  }
}
