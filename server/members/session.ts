import { SignJWT, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { MembersRead, MemberView } from './read.ts'

const cookieName = 'zhiyin_session'
const LIFE_S = 12 * 3600
/** How long a member who left may still be let in. */
const CACHE_MS = 5000
const CACHE_MAX = 10_000
const issuer = 'zhiyin'

/** `at`: when it was opened, epoch ms, so that signing out ends what was opened before. */
const Claims = z.object({ sub: z.string().min(1), at: z.number() })

export type Sessions = {
  /** The value of a Set-Cookie header that signs the member in for 12 hours. */
  open: (userid: string) => Promise<string>
  /** Who is behind a session cookie: nobody when it is over, forged, signed out, or of somebody who has left. */
  memberOf: (cookie: string) => Promise<Actor>
  /** Forgets what is cached of a member, after signing out. */
  forget: (userid: string) => void
}

type Deps = { config: Pick<Config, 'SESSION_SECRET' | 'PUBLIC_URL'>; clock: Clock; members: Pick<MembersRead, 'get'> }

/** Sessions as signed cookies (HS256). The member is looked up on each request through a cache of 5 seconds. */
export const createSessions = ({ config, clock, members }: Deps): Sessions => {
  const key = new TextEncoder().encode(config.SESSION_SECRET)
  const secure = config.PUBLIC_URL.startsWith('https:') ? '; Secure' : ''
  const cache = new Map<string, { member: MemberView | null; until: number }>()

  const look = async (userid: string): Promise<MemberView | null> => {
    const now = clock.now()
    const kept = cache.get(userid)
    if (kept && kept.until > now && kept.until <= now + CACHE_MS) return kept.member
    const member = await members.get(userid)
    if (cache.size >= CACHE_MAX) cache.clear()
    cache.set(userid, { member, until: now + CACHE_MS })
    return member
  }

  const claimsOf = async (cookie: string): Promise<z.output<typeof Claims> | null> => {
    try {
      const { payload } = await jwtVerify(cookie, key, { algorithms: ['HS256'], issuer, currentDate: clock.date() })
      return Claims.safeParse(payload).data ?? null
    } catch (error) {
      if (error instanceof errors.JOSEError) return null
      throw error
    }
  }

  return {
    open: async (userid) => {
      const now = clock.now()
      const token = await new SignJWT({ at: now })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(userid)
        .setIssuer(issuer)
        .setExpirationTime(Math.floor(now / 1000) + LIFE_S)
        .sign(key)
      return `${cookieName}=${token}; Path=/; Max-Age=${LIFE_S}; HttpOnly; SameSite=Lax${secure}`
    },
    memberOf: async (cookie) => {
      const claims = await claimsOf(cookie)
      const member = claims && (await look(claims.sub))
      if (!claims || !member?.active || claims.at <= member.signedOutAt) return { kind: 'nobody' }
      return { kind: 'member', userid: member.userid, name: member.name, role: member.role }
    },
    forget: (userid) => {
      cache.delete(userid)
    },
  }
}
