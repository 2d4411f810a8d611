import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine } from '../platform/csv.ts'
import { BrokenTable, rowsOf } from './table.ts'
import type { Row } from './types.ts'

/** Bytes in pieces of any size, also through the middle of a character. */
async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const all = async (bytes: Uint8Array, size: number, offset = 0, row = 0, delimiter = ','): Promise<Row[]> => {
  const rows: Row[] = []
  for await (const next of rowsOf(pieces(bytes.subarray(offset), size), { delimiter, offset, row })) rows.push(next)
  return rows
}

const cell = fc.oneof(
  fc.constantFrom('', '王小明', '1,299.00', '第一行\n第二行', '他说"好"', '分;号', '\t', '-5'),
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((text) => !/[\r\0]|^['=@+-]/.test(text)),
)

describe('rows of a CSV text', () => {
  test('what is written is what is read, in pieces of any size, and on from behind any row', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        async (table, size, delimiter, mark) => {
          const text = table.map((cells) => csvLine(cells, delimiter)).join('')
          const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`)
          const rows = await all(bytes, size, 0, 0, delimiter)
          const written = table.map((cells) =>
            cells.map((each) => (/^[=@\t]|^[+-](?![\d.,]+$)/.test(each) ? `'${each}` : each)),
          )
          expect(rows.map(({ cells }) => cells)).toEqual(written)
          expect(rows.at(-1)?.end).toBe(bytes.length)
          for (const { row, end } of rows) expect(await all(bytes, size, end, row, delimiter)).toEqual(rows.slice(row))
        },
      ),
      { numRuns: 60 },
    )
  })

  test('rows count as in a spreadsheet: the header is 1, empty lines count, breaks in quotes do not', async () => {
    const rows = await all(Buffer.from('a,b\n\n"1\n2",x\r\n3'), 3)
    expect(rows.map(({ row, cells }) => [row, cells.join('|')])).toEqual([
      [1, 'a|b'],
      [2, ''],
      [3, '1\n2|x'],
      [4, '3'],
    ])
  })

  test('a quote that is never closed ends the table where it began', async () => {
    await expect(all(Buffer.from('a,b\n1,2\n3,"4\n5,6\n'), 7)).rejects.toThrow(new BrokenTable(2))
  })

  test('what a spreadsheet would run is only text', () => {
    expect(csvLine(['=cmd()', '@x', '-5', '-x', '+86', '好'], ',')).toBe("'=cmd(),'@x,-5,'-x,+86,好\r\n")
  })
})
