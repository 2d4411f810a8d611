// What the scripts print: one line per step, plain words, colours only on a terminal.
import { stderr, stdout } from 'node:process'

const colour = (code, text) => (stdout.isTTY ? `\x1b[${code}m${text}\x1b[0m` : text)
export const dim = (text) => colour(2, text)
export const green = (text) => colour(32, text)

/** Runs one step and says how it went. `work` may report progress in short words. */
export const step = async (title, work) => {
  const started = Date.now()
  const live = stdout.isTTY
  const show = (words) => live && stdout.write(`\r\x1b[2K… ${title} ${dim(words)}`)
  if (live) show('')
  else stdout.write(`… ${title}\n`)
  try {
    const result = await work(show)
    const seconds = ((Date.now() - started) / 1000).toFixed(1)
    stdout.write(`${live ? '\r\x1b[2K' : ''}${green('✓')} ${title} ${dim(`${seconds} s`)}\n`)
    return result
  } catch (error) {
    if (live) stdout.write('\r\x1b[2K')
    throw error
  }
}

/** Something a person must do: one clear sentence, no stack. */
export class Stop extends Error {}

export const runMain = async (main) => {
  try {
    await main()
  } catch (error) {
    stderr.write(`\n✗ ${error instanceof Stop ? error.message : (error?.stack ?? error)}\n`)
    process.exitCode = 1
  }
}
