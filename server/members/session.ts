import { SignJWT, errors, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Actor, Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Config } from '../platform/config.ts'
import type { Access } from './access.ts'
import type { Members } from './members.ts'
import type { MembersRead, MemberView } from './read.ts'

export const sessionCookie = 'zhiyin_session'
const LIFE_S = 12 * 3600
/** What is remembered of a member, at most; a change of access ends it earlier. */
const CACHE_MS = 5000
const CACHE_MAX = 10_000
const SEEN_MS = 10 * 60_000
const issuer = 'zhiyin'

/** `at`: when it was opened, epoch ms, so that signing out ends what was opened before. */
const Claims = z.object({ sub: z.string().min(1), at: z.number() })

export type Sessions = {
  /** The value of a Set-Cookie header that signs the member in for 12 hours. */
  open: (userid: string) => Promise<string>
  /** Who is behind a session cookie: nobody when it is over, forged, signed out, or of somebody who has left or is barred. */
  memberOf: (cookie: string) => Promise<Actor>
}

type Deps = {
  config: Pick<Config, 'SESSION_SECRET' | 'PUBLIC_URL'>
  clock: Clock
  members: Pick<MembersRead, 'get'> & Pick<Members, 'seen'>
  scopeOf: (member: MemberView) => Promise<Scope>
  access: Pick<Access, 'version'>
}

type Known = { member: MemberView; scope: Scope } | null

/**
 * Sessions as signed cookies (HS256). The member is looked up on each request; what another request has read is used again only while no
 * process has changed anybody's access, so that who leaves is out with the next request.
 */
export const createSessions = ({ config, clock, members, scopeOf, access }: Deps): Sessions => {
  const key = new TextEncoder().encode(config.SESSION_SECRET)
  const secure = config.PUBLIC_URL.startsWith('https:') ? '; Secure' : ''
  const cache = new Map<string, { known: Known; version: string; until: number }>()

  /** The member of a userid, or who they are now when they were renamed. */
  const find = async (userid: string): Promise<MemberView | null> => {
    const member = await members.get(userid)
    return member?.renamedTo ? members.get(member.renamedTo) : member
  }
  const read = async (userid: string): Promise<Known> => {
    const member = await find(userid)
    if (!member?.active || member.barred) return null
    if (clock.now() - (member.lastSeenAt?.getTime() ?? 0) > SEEN_MS) await members.seen(member.userid)
    return { member, scope: await scopeOf(member) }
  }
  const look = async (userid: string): Promise<Known> => {
    const now = clock.now()
    const version = await access.version()
    const kept = cache.get(userid)
    if (kept && kept.version === version && kept.until > now && kept.until <= now + CACHE_MS) return kept.known
    const known = await read(userid)
    if (cache.size >= CACHE_MAX) cache.clear()
    if (version !== null) cache.set(userid, { known, version, until: now + CACHE_MS })
    return known
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
      return `${sessionCookie}=${token}; Path=/; Max-Age=${LIFE_S}; HttpOnly; SameSite=Lax${secure}`
    },
    memberOf: async (cookie) => {
      const claims = await claimsOf(cookie)
      const known = claims && (await look(claims.sub))
      if (!claims || !known || claims.at <= known.member.signedOutAt) return { kind: 'nobody' }
      const { userid, name, role } = known.member
      return { kind: 'member', userid, name, role, scope: known.scope }
    },
  }
}
