import mongoose from 'mongoose'
import { z } from 'zod'
import type { Mongo } from '../platform/mongo.ts'
import type { Sealing } from '../platform/vault.ts'
import { pieceId, piecesOf, segmentCollections, type PieceDoc } from './segments.model.ts'

/** What a piece of a file holds: lines as they stand in it, each with the customer it is about. `head` is empty but in the first one. */
const Piece = z.object({ head: z.string(), rows: z.array(z.tuple([z.string(), z.string()])) })
export type Piece = z.infer<typeof Piece>

type Deps = { mongo: Pick<Mongo, 'connection'>; vault: Pick<Sealing, 'sealBytes' | 'openBytes'> }

/** The pieces of files, sealed; a piece is opened while it is read and no longer. */
export const createPieces = ({ mongo: { connection }, vault }: Deps) => {
  const { pieces } = segmentCollections(connection)
  /** Null where the key is gone or the bytes were changed: nobody can read it any more. */
  const opened = ({ bytes }: PieceDoc): Piece | null => {
    const plain = vault.openBytes(bytes.buffer.subarray(0, bytes.position))
    return plain === null ? null : Piece.parse(JSON.parse(Buffer.from(plain).toString('utf8')))
  }

  return {
    async write(exportId: string, n: number, piece: Piece): Promise<void> {
      const bytes = new mongoose.mongo.Binary(vault.sealBytes(Buffer.from(JSON.stringify(piece))))
      await pieces.replaceOne({ _id: pieceId(exportId, n) }, { bytes }, { upsert: true })
    },
    /** One after the other, as they follow. */
    async *of(exportId: string): AsyncGenerator<Piece | null> {
      for await (const doc of pieces.find({ _id: piecesOf(exportId) }).sort({ _id: 1 })) yield opened(doc)
    },
    async drop(exportId: string): Promise<void> {
      await pieces.deleteMany({ _id: piecesOf(exportId) })
    },
    /** The exports in whose files a customer stands, by any of their numbers; also those nobody can read any more, for they might. */
    async naming(numbers: readonly string[]): Promise<ReadonlySet<string>> {
      const found = new Set<string>()
      for await (const doc of pieces.find({})) {
        const piece = opened(doc)
        if (piece === null || piece.rows.some(([id]) => numbers.includes(id)))
          found.add(doc._id.slice(0, doc._id.indexOf(':')))
      }
      return found
    },
  }
}

export type Pieces = ReturnType<typeof createPieces>
