import type { MongoClient } from 'mongodb'
import { bareBullmq } from './bare-bullmq.ts'

/** So many jobs of bare BullMQ, each of which writes one document; jobs a second. */
export const bareWrites = (redisUrl: string, client: MongoClient, count: number): Promise<number> => {
  const written = client.db('bare').collection<{ _id: number; step: number }>('writes')
  return bareBullmq(redisUrl, 'bare-writes', count, (id) =>
    written.updateOne({ _id: id }, { $set: { step: 1 } }, { upsert: true }),
  )
}
