import type { Redis } from '../platform/redis.ts'
import type { Mongo } from '../platform/mongo.ts'

/** `set`: the name of the replica set; null when it is none. */
export type MongoFacts = { version: string; set: string | null }
/** `persistent`: AOF is on; `policy`: what it does when its memory is full. */
export type RedisFacts = { version: string; persistent: boolean; policy: string }

export const mongoFacts = async ({ connection }: Pick<Mongo, 'connection'>): Promise<MongoFacts> => {
  const admin = connection.db?.admin()
  if (!admin) throw new Error('not connected')
  const [{ version }, hello] = await Promise.all([admin.buildInfo(), admin.command({ hello: 1 })])
  const { setName }: { setName?: unknown } = hello
  return { version: String(version), set: typeof setName === 'string' ? setName : null }
}

export const redisFacts = async (redis: Pick<Redis, 'info'>): Promise<RedisFacts> => {
  const info = await redis.info()
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? ''
  return {
    version: field('redis_version'),
    persistent: field('aof_enabled') === '1',
    policy: field('maxmemory_policy') || 'noeviction',
  }
}
