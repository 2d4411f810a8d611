import { AppError } from '../platform/errors.ts'
import type { ImportFile } from './file.ts'
import { BrokenTable, isEmpty, rowsOf } from './table.ts'
import type { Row } from './types.ts'
import { mostColumns } from '@zhiyin/shared/import'

const delimiters = [',', '\t', ';', '|'] as const
const looked = 50

/** The header and the first rows with this delimiter, as far as they can be read. */
const firstRows = async (file: ImportFile, key: string, delimiter: string, most: number): Promise<Row[]> => {
  const rows: Row[] = []
  try {
    for await (const row of rowsOf(file.read(key, 0), { delimiter, offset: 0, row: 0 })) {
      if (!isEmpty(row)) rows.push(row)
      if (rows.length > most) break
    }
  } catch (error) {
    if (!(error instanceof BrokenTable)) throw error
  }
  return rows
}

/** Columns, where most rows have as many as the header. */
const widthOf = (rows: readonly Row[]): number => {
  const width = rows[0]?.cells.length ?? 0
  return rows.filter(({ cells }) => cells.length === width).length >= rows.length * 0.8 ? width : 1
}

/** The delimiter that makes the most columns, and the names of the columns. Throws import.empty, import.columns. */
export const detect = async (
  file: ImportFile,
  key: string,
): Promise<{ delimiter: string; columns: readonly string[] }> => {
  let best: { delimiter: string; rows: readonly Row[]; width: number } | null = null
  for (const delimiter of delimiters) {
    const rows = await firstRows(file, key, delimiter, looked)
    const width = widthOf(rows)
    if (best === null || width > best.width) best = { delimiter, rows, width }
  }
  const header = best?.rows[0]
  if (best === null || header === undefined || best.rows.length < 2) throw new AppError('import.empty', { status: 422 })
  if (header.cells.length > mostColumns)
    throw new AppError('import.columns', { status: 422, params: { limit: mostColumns, found: header.cells.length } })
  return { delimiter: best.delimiter, columns: header.cells.map((name) => name.trim().slice(0, 200)) }
}

/** The first rows behind the header. */
export const sampleOf = async (file: ImportFile, key: string, delimiter: string, most: number): Promise<Row[]> =>
  (await firstRows(file, key, delimiter, most)).slice(1)
