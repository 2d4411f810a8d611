import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

const Line = z.tuple([z.string(), z.string(), z.unknown()])
const FLUSH_MS = 200
const CHUNK = 1024 * 1024
const NEWLINE = 0x0a

/** Where changed rows go. `value` null = the row is gone. */
export interface Journal {
  /** Notes a change; it is on disk within about 200 ms. */
  note(table: string, key: string, value: unknown): void
  /** Every line of an earlier run, oldest first. */
  replay(apply: (table: string, key: string, value: unknown) => void): void
  /** Starts the file anew with the given rows only (atomically). */
  compact(rows: Iterable<readonly [table: string, key: string, value: unknown]>): void
  /** Writes what is pending and stops. */
  close(): Promise<void>
}

/** Where the state of a data folder is. */
export function journalFile(dir: string): string {
  return join(dir, 'wecom.journal')
}

/** Keeps nothing: for tests and trials. */
export function memoryJournal(): Journal {
  return { note: () => undefined, replay: () => undefined, compact: () => undefined, close: async () => undefined }
}

/**
 * One JSON line per changed row in `dir`/wecom.journal; the last line of a row counts. Several changes of a row between two
 * flushes are written once. A last line torn by a kill is left out when reading.
 */
export function fileJournal(dir: string): Journal {
  mkdirSync(dir, { recursive: true })
  const file = journalFile(dir)
  const pending = new Map<string, [string, string, unknown]>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> = Promise.resolve()

  const complain = (error: unknown): void => void process.stderr.write(`${file} can not be written: ${String(error)}\n`)
  const take = (): string => {
    let text = ''
    for (const line of pending.values()) text += JSON.stringify(line) + '\n'
    pending.clear()
    return text
  }
  const flush = (): void => {
    timer = undefined
    const text = take()
    if (text !== '') writing = writing.then(() => appendFile(file, text)).catch(complain)
  }

  return {
    note(table, key, value) {
      const id = `${table}\n${key}`
      pending.delete(id)
      pending.set(id, [table, key, value])
      timer ??= setTimeout(flush, FLUSH_MS)
    },
    replay(apply) {
      if (!existsSync(file)) return
      const torn = eachLine(file, (line) => apply(...Line.parse(JSON.parse(line))))
      if (torn) process.stderr.write(`${file}: the last line is incomplete and left out\n`)
    },
    compact(rows) {
      const fd = openSync(`${file}.new`, 'w')
      let text = ''
      for (const row of rows) {
        text += JSON.stringify(row) + '\n'
        if (text.length < CHUNK) continue
        writeSync(fd, text)
        text = ''
      }
      writeSync(fd, text)
      fsyncSync(fd)
      closeSync(fd)
      renameSync(`${file}.new`, file)
    },
    async close() {
      clearTimeout(timer)
      timer = undefined
      await writing
      const text = take()
      if (text !== '') appendFileSync(file, text)
    },
  }
}

/** Reads whole lines without holding the file in memory, which may be larger than a string can be. Tells whether a part of a line is left over. */
function eachLine(file: string, take: (line: string) => void): boolean {
  const fd = openSync(file, 'r')
  try {
    const chunk = Buffer.alloc(CHUNK)
    let rest: Buffer = Buffer.alloc(0)
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      const data = Buffer.concat([rest, chunk.subarray(0, read)])
      let start = 0
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
        take(data.toString('utf8', start, end))
        start = end + 1
      }
      rest = data.subarray(start)
    }
    return rest.length > 0
  } finally {
    closeSync(fd)
  }
}
