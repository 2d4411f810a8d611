import { createHash, timingSafeEqual } from 'node:crypto'
import type { Actor } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'

type Deps = { adminApiKey: string; ingestWriteKey: string; memberOf: (cookie: string) => Promise<Actor> }

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

/**
 * Who asks: `Bearer` API key or write key, `Basic` write key (as user name, as Segment's libraries send it), else the write key in the
 * body (as its browser library sends it), else the session cookie.
 */
export const createActorOf =
  ({ adminApiKey, ingestWriteKey, memberOf }: Deps) =>
  async (cookie: string | undefined, authorization: string, bodyKey?: string): Promise<Actor> => {
    const [scheme = '', credential = ''] = authorization.split(' ')
    if (scheme.toLowerCase() === 'bearer') {
      if (same(credential, adminApiKey)) return { kind: 'key', name: 'API key', role: 'admin' }
      if (same(credential, ingestWriteKey)) return { kind: 'ingest' }
      throw new AppError('session.bad_key', { status: 401, params: { key: 'ADMIN_API_KEY' } })
    }
    if (scheme.toLowerCase() === 'basic') {
      const [user = ''] = Buffer.from(credential, 'base64').toString('utf8').split(':')
      if (same(user, ingestWriteKey)) return { kind: 'ingest' }
      throw new AppError('session.bad_key', { status: 401, params: { key: 'INGEST_WRITE_KEY' } })
    }
    if (bodyKey !== undefined) {
      if (same(bodyKey, ingestWriteKey)) return { kind: 'ingest' }
      throw new AppError('session.bad_key', { status: 401, params: { key: 'INGEST_WRITE_KEY' } })
    }
    return cookie === undefined ? { kind: 'nobody' } : memberOf(cookie)
  }
