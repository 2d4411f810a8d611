import { randomUUID } from 'node:crypto'
import type { Log } from '../platform/log.ts'
import type { Redis } from '../platform/redis.ts'

const key = 'zhiyin:members:access'

/** Tells every process when somebody's access has changed: what was read under another version must be read again. */
export type Access = {
  /** Null when nobody can say: then nothing that is remembered may be used. */
  version: () => Promise<string | null>
  changed: () => Promise<void>
}

/** Kept in Redis. With Redis away each request reads the member itself, and a change is seen at once as well. */
export const createAccess = ({ redis, log }: { redis: Pick<Redis, 'get' | 'set'>; log: Log }): Access => {
  const away = (error: unknown): null => {
    log.warn({ err: error }, 'redis is away; access is read from the database')
    return null
  }
  return {
    version: () => redis.get(key).then((version) => version ?? 'none', away),
    changed: async () => void (await redis.set(key, randomUUID()).catch(away)),
  }
}
