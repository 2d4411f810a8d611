import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A port nobody listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })

export type Launch = {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Everything it prints goes here. */
  readonly logFile: string
  /** Resolves once it serves; called with what it has printed, again and again until it does not throw. */
  readonly ready: (printed: string) => Promise<void>
  readonly readyWithinMs?: number
}

/** A child process that can be killed without warning and started again with the same arguments. */
export type Managed = {
  readonly name: string
  readonly pid: number | undefined
  start(): Promise<void>
  /** Ends it and waits until it is gone. SIGKILL gives it no chance to tidy up. */
  stop(signal?: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void>
  /** Called when it ends without having been told to. */
  onDeath(listener: (code: number | null) => void): void
}

export const manage = (launch: Launch): Managed => {
  let child: ChildProcess | undefined
  let stopping = false
  const listeners: ((code: number | null) => void)[] = []

  const start = async (): Promise<void> => {
    mkdirSync(dirname(launch.logFile), { recursive: true })
    stopping = false
    const out = createWriteStream(launch.logFile, { flags: 'a' })
    // A log that cannot be written (the folder was removed, the disk is full) must not end the product.
    out.on('error', () => out.destroy())
    const started = spawn(launch.program, launch.args, {
      env: { ...process.env, ...launch.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    child = started
    let words = ''
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        words = (words + chunk.toString('utf8')).slice(-4000)
        out.write(chunk)
      })
    }
    let ended: string | undefined
    started.once('error', (error) => (ended = error.message))
    started.once('exit', (code) => {
      ended ??= `exit code ${code}`
      out.write(`[${launch.name} ended: ${ended}]\n`)
      if (child === started) child = undefined
      if (!stopping) for (const listener of listeners) listener(code)
    })
    const until = Date.now() + (launch.readyWithinMs ?? 20_000)
    for (;;) {
      if (ended !== undefined) throw new Error(`${launch.name} did not start (${ended}):\n${words}`)
      try {
        await launch.ready(words)
        return
      } catch (error) {
        if (Date.now() > until) throw new Error(`${launch.name} did not answer in time:\n${words}`, { cause: error })
        await sleep(40)
      }
    }
  }

  const stop = async (signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' = 'SIGTERM'): Promise<void> => {
    const running = child
    if (running === undefined) return
    stopping = true
    const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()))
    running.kill(signal)
    const late = setTimeout(() => running.kill('SIGKILL'), 10_000)
    await gone
    clearTimeout(late)
  }

  return {
    name: launch.name,
    get pid() {
      return child?.pid
    },
    start,
    stop,
    onDeath: (listener) => void listeners.push(listener),
  }
}

/** Resolves when the address answers with a 2xx. */
export const answers = async (url: string): Promise<void> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
}
