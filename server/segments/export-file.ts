import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { ExportWho } from './export-who.ts'
import type { Pieces } from './pieces.ts'
import type { ExportDoc } from './segments.model.ts'

type Deps = { clock: Clock; pieces: Pick<Pieces, 'of'>; who: Pick<ExportWho, 'still'> }
export type ExportFile = { readonly rows: number; readonly bytes: AsyncIterable<Uint8Array> }

/**
 * A file as it is handed out: whoever has withdrawn their consent since it was made, or was erased, is left out of it. It is unsealed
 * piece by piece while it is read. Throws segment.export_state unless it is done, still there and readable.
 */
export const createExportFile = ({ clock, pieces, who }: Deps) => {
  const gone = (state: ExportDoc['state']): AppError =>
    new AppError('segment.export_state', { status: 409, params: { state } })

  return async (doc: Pick<ExportDoc, '_id' | 'state' | 'expiresAt'>): Promise<ExportFile> => {
    if (doc.state !== 'done') throw gone(doc.state)
    if (doc.expiresAt <= clock.date()) throw gone('expired')
    const given = new Set<string>()
    let found = 0
    for await (const piece of pieces.of(doc._id)) {
      if (piece === null) throw gone('expired')
      found += 1
      for (const id of await who.still(piece.rows.map(([each]) => each))) given.add(id)
    }
    if (found === 0) throw gone('expired')
    const bytes = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces.of(doc._id)) {
        if (piece === null) throw gone('expired')
        const lines = piece.rows.flatMap(([id, line]) => (given.has(id) ? [line] : []))
        yield Uint8Array.from(Buffer.from(piece.head + lines.join('')))
      }
    }
    return { rows: given.size, bytes: bytes() }
  }
}
