import mongoose, { type ClientSession, type Connection } from 'mongoose'
import { z } from 'zod'

const { BSON } = mongoose.mongo
const Id = z.instanceof(BSON.Long)
const Batch = z.array(z.instanceof(Uint8Array))
const First = z.object({ cursor: z.object({ id: Id, firstBatch: Batch }) })
const Next = z.object({ cursor: z.object({ id: Id, nextBatch: Batch }) })

type Asked = {
  readonly filter: Readonly<Record<string, unknown>>
  readonly projection: Readonly<Record<string, 0 | 1>>
  /** So many at most in an answer; one is of 16 MB at most in any case. */
  readonly batchSize: number
}

const bytesAs = (field: 'firstBatch' | 'nextBatch') => ({ fieldsAsRaw: { [field]: true }, promoteLongs: false })

/**
 * The documents a filter finds in a collection within a transaction, answer by answer, as bytes: for whoever is done with each document
 * before it reads the next (`readDoc`). The driver's own cursor keeps a table of every field of every document of an answer until the last
 * one is read.
 */
export async function* findRaw(
  { db }: Connection,
  collection: string,
  { filter, projection, batchSize }: Asked,
  session: ClientSession,
): AsyncGenerator<readonly Uint8Array[]> {
  if (db === undefined) throw new Error('not connected')
  const first = await db.command(
    { find: collection, filter, projection, batchSize },
    { session, ...bytesAs('firstBatch') },
  )
  const { id, firstBatch } = First.parse(first).cursor
  yield firstBatch
  for (let left = id; !left.isZero();) {
    const next = await db.command({ getMore: left, collection, batchSize }, { session, ...bytesAs('nextBatch') })
    const { cursor } = Next.parse(next)
    yield cursor.nextBatch
    left = cursor.id
  }
}

/** A document as the driver would have read it. */
export const readDoc = (bytes: Uint8Array): Readonly<Record<string, unknown>> => BSON.deserialize(bytes)
