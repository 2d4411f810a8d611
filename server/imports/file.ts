import mongoose from 'mongoose'
import { AppError, notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { unsealed, type Sealing } from '../platform/vault.ts'
import { importCollections, numbered, within } from './imports.model.ts'

const pieceBytes = 512 * 1024

/** Cuts what arrives into pieces of the same size; the last may be shorter. */
async function* inPieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = []
  let size = 0
  for await (const part of bytes) {
    let rest = part
    while (size + rest.length >= pieceBytes) {
      const cut = pieceBytes - size
      yield Buffer.concat([...held, rest.subarray(0, cut)])
      held = []
      size = 0
      rest = rest.subarray(cut)
    }
    if (rest.length > 0) {
      held.push(Uint8Array.from(rest))
      size += rest.length
    }
  }
  if (size > 0) yield Buffer.concat(held)
}

/** Under what the pieces of a converted file are kept. */
export const convertedKey = (id: string): string => `${id}~`

export type ImportFile = ReturnType<typeof createImportFile>

/** Uploaded files, in pieces in the database: every process has them, and only a piece is ever held in memory. */
export const createImportFile = ({ mongo, vault = unsealed }: { mongo: Mongo; vault?: Sealing }) => {
  const { imports, pieces } = importCollections(mongo.connection)

  const put = async (id: string, at: number, bytes: Buffer): Promise<void> => {
    const _id = numbered(id, at)
    await pieces.replaceOne({ _id }, { at, bytes: new mongoose.mongo.Binary(vault.sealBytes(bytes)) }, { upsert: true })
  }

  /** The bytes from `from` on. Throws not_found where they have been deleted. */
  async function* read(id: string, from: number): AsyncGenerator<Buffer> {
    const holding = await pieces
      .find({ _id: { $gt: `${id}:`, $lte: numbered(id, from) } })
      .sort({ _id: -1 })
      .limit(1)
      .toArray()
    let [piece] = holding
    let at = from
    while (piece !== undefined) {
      const whole = vault.openBytes(piece.bytes.buffer.subarray(0, piece.bytes.position))
      // Sealed with a key that was taken away.
      if (whole === null) throw notFound('file', id)
      const end: number = piece.at + whole.length
      if (at < end) yield Buffer.from(whole.buffer, whole.byteOffset + (at - piece.at), end - at)
      at = Math.max(at, end)
      piece = (await pieces.findOne({ _id: numbered(id, end) })) ?? undefined
    }
    if (at === 0) throw notFound('file', id)
  }

  return {
    read,

    /**
     * Keeps bytes behind those that are there; answers how many there are now. Throws import.size beyond `most`, conflict.changed when
     * others came meanwhile.
     */
    async append(id: string, from: number, bytes: AsyncIterable<Uint8Array>, most: number): Promise<number> {
      let at = from
      for await (const piece of inPieces(bytes)) {
        if (at + piece.length > most) throw new AppError('import.size', { status: 422, params: { size: most } })
        await put(id, at, piece)
        const kept = await imports.updateOne(
          { _id: id, state: 'uploading', received: at },
          { $set: { received: at + piece.length } },
        )
        if (kept.matchedCount === 0) throw new AppError('conflict.changed', { status: 409 })
        at += piece.length
      }
      return at
    },

    /** Keeps the file once more, in UTF-8; answers how many bytes that is. Begins anew what was broken off. */
    async convert(id: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
      const key = convertedKey(id)
      await pieces.deleteMany({ _id: within(key) })
      let at = 0
      for await (const piece of inPieces(bytes)) {
        await put(key, at, piece)
        at += piece.length
      }
      return at
    },

    async erase(...keys: readonly string[]): Promise<void> {
      for (const key of keys) await pieces.deleteMany({ _id: within(key) })
    },
  }
}
