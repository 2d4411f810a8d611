import { Redis } from 'ioredis'
import { MongoClient } from 'mongodb'

/** Bytes of documents as text, so that what is kept in them unsealed is found too. */
const bytesIn = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return ''
  if ('_bsontype' in value && 'buffer' in value && value.buffer instanceof Uint8Array)
    return Buffer.from(value.buffer).toString('utf8')
  return Object.values(value).map(bytesIn).join('')
}

const valueOf = async (redis: Redis, key: string): Promise<unknown> => {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key)
    case 'hash':
      return redis.hgetall(key)
    case 'list':
      return redis.lrange(key, 0, -1)
    case 'set':
      return redis.smembers(key)
    case 'zset':
      return redis.zrange(key, '0', '-1')
    case 'stream':
      return redis.xrange(key, '-', '+')
    default:
      // It was gone before it was looked at.
      return null
  }
}

/** Looks for words in everything a product keeps: every document of every collection, every key of Redis with its value. */
export const openTraces = async ({ mongoUrl, redisUrl }: { mongoUrl: string; redisUrl: string }) => {
  const client = await new MongoClient(mongoUrl).connect()
  const redis = new Redis(redisUrl)

  const all = async (): Promise<Map<string, string>> => {
    const db = client.db()
    const texts = new Map<string, string>()
    for (const { name } of await db.listCollections().toArray()) {
      const docs = await db.collection(name).find({}).toArray()
      texts.set(name, docs.map((doc) => JSON.stringify(doc) + bytesIn(doc)).join('\n'))
    }
    for (const key of await redis.keys('*'))
      texts.set(`redis ${key}`, `${key} ${JSON.stringify(await valueOf(redis, key))}`)
    return texts
  }
  return {
    all,
    /** `where: word` for each word that stands somewhere. */
    where: async (words: readonly string[]): Promise<string[]> =>
      [...(await all())].flatMap(([where, text]) =>
        words.flatMap((word) => (text.includes(word) ? [`${where}: ${word}`] : [])),
      ),
    close: async (): Promise<void> => {
      await client.close()
      redis.disconnect()
    },
  }
}

export type Traces = Awaited<ReturnType<typeof openTraces>>
