import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')

/** A folder with what the Dockerfile puts into the image, and no more; packages are linked instead of copied. */
export const imageFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'zhiyin-image-'))
  const copies = readFileSync(join(root, 'Dockerfile'), 'utf8').matchAll(/^COPY --from=build \S+ \/app\/(\S+) (\S+)$/gm)
  for (const [, from = '', to = ''] of copies) {
    const target = join(folder, to.endsWith('/') ? join(to, basename(from)) : to)
    mkdirSync(dirname(target), { recursive: true })
    if (from === 'node_modules') symlinkSync(join(root, from), target)
    else cpSync(join(root, from), target, { recursive: true })
  }
  return folder
}

/** One process of the product, started as production starts it: `node server/dist/main.js` with an environment and nothing else. */
export type Product = {
  readonly pid: number
  /** Everything it has printed. */
  output(): string
  /** Resolves with its exit code once it has ended; a signal that ended it is told by name. */
  readonly ended: Promise<number | string>
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
  /** Resolves when `text` has been printed; rejects when the process ends first. */
  says(text: string): Promise<void>
}

export const startProduct = (
  folder: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Product => {
  const child: ChildProcess = spawn(process.execPath, ['server/dist/main.js', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  let over = false
  const ended = new Promise<number | string>((done, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      done(code ?? signal ?? 'unknown')
    })
  })
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    ended,
    kill: (signal) => void child.kill(signal),
    says: async (text) => {
      while (!printed.includes(text)) {
        if (over) throw new Error(`It ended before it said “${text}”:\n${printed}`)
        await sleep(20)
      }
    },
  }
}
