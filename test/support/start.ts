import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = resolve(import.meta.dirname, '../..')

/** `npm start` without npm: a process group of its own, as a terminal gives it one. */
export type Started = {
  readonly pid: number
  output(): string
  readonly ended: Promise<number | string>
  /** What Ctrl-C does: SIGINT to every process of the group. */
  ctrlC(): void
  says(text: string): Promise<void>
}

type How = {
  readonly env?: Readonly<Record<string, string>>
  readonly as?: readonly string[]
  readonly script?: string
}

/** Runs scripts/start.mjs (or the built start itself) with arguments; `as` is a program in front, such as setpriv with its own. */
export const startWith = (
  args: readonly string[],
  { env = {}, as = [], script = 'scripts/start.mjs' }: How,
): Started => {
  const [program = process.execPath, ...rest] = [...as, process.execPath, script, ...args]
  const child = spawn(program, rest, {
    cwd: root,
    env: { ...process.env, LANG: 'C', LC_ALL: '', LC_MESSAGES: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let printed = ''
  let over = false
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const ended = new Promise<number | string>((done, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      done(code ?? signal ?? 'unknown')
    })
  })
  const pid = child.pid ?? 0
  return {
    pid,
    output: () => printed,
    ended,
    ctrlC: () => void process.kill(-pid, 'SIGINT'),
    says: async (text) => {
      while (!printed.includes(text)) {
        if (over) throw new Error(`It ended before it said “${text}”:\n${printed}`)
        await sleep(20)
      }
    },
  }
}
