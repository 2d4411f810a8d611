import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fileJournal, journalFile } from './journal.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wecom-journal-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const rowsOf = (): [string, string, unknown][] => {
  const rows: [string, string, unknown][] = []
  fileJournal(dir).replay((table, key, value) => rows.push([table, key, value]))
  return rows
}

test('rows of any length come back, also where a character or a line lies across two readings', () => {
  const rows: [string, string, unknown][] = Array.from({ length: 3000 }, (_, i) => [
    't',
    `k${i}`,
    { text: `${'一'.repeat(i % 700)}${i}` },
  ])
  rows.push(['t', 'long', '好'.repeat(1_000_000)], ['t', 'gone', null])
  fileJournal(dir).compact(rows)
  expect(rowsOf()).toEqual(rows)
})

test('a last line torn by a kill is left out, what stands before it is kept', async () => {
  const journal = fileJournal(dir)
  journal.note('t', 'a', 1)
  journal.note('t', 'a', 2)
  await journal.close()
  appendFileSync(journalFile(dir), '["t","b",{"half')
  expect(rowsOf()).toEqual([['t', 'a', 2]])
})
