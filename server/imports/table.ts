import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { z } from 'zod'
import type { Row } from './types.ts'

/** A row larger than this is a quote that was never closed. */
const largestRow = 1024 * 1024

const Record = z.object({ record: z.array(z.string()), info: z.object({ bytes: z.number() }) })

const Broken = z.object({ records: z.number() })

/** The file cannot be read on behind this row. */
export class BrokenTable extends Error {
  override readonly name = 'BrokenTable'
  readonly code = 'file.quote'
  readonly row: number

  constructor(row: number) {
    super(`A quote behind row ${row} is never closed`)
    this.row = row
  }
}

/**
 * The rows of a CSV text in UTF-8, one at a time. `offset` is the byte it begins at and `row` the last row before that (0 at the beginning);
 * rows are counted as spreadsheets do, from 1 with the header. Cells may hold line breaks in quotes. Throws BrokenTable.
 */
export async function* rowsOf(
  bytes: AsyncIterable<Uint8Array>,
  { delimiter, offset, row }: { delimiter: string; offset: number; row: number },
): AsyncGenerator<Row> {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    bom: offset === 0,
    info: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: largestRow,
  })
  // A failure of the source reaches the parser, whoever stops reading the parser stops the source.
  pipeline(Readable.from(bytes, { objectMode: false }), parser, () => undefined)
  let count = row
  try {
    for await (const raw of parser) {
      const { record, info } = Record.parse(raw)
      count += 1
      yield { row: count, end: offset + info.bytes, cells: record }
    }
  } catch (error) {
    // Rows it had ready are lost with the error, so it says itself how many there were.
    if (error instanceof CsvError) throw new BrokenTable(row + Broken.parse(error).records)
    throw error
  }
}

export const isEmpty = ({ cells }: Row): boolean => cells.every((cell) => cell.trim() === '')
