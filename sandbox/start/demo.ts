import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

export type Demo = { readonly seeded: Promise<void>; stop(): void }

/**
 * Runs the demo company as a child. It prints one JSON line per step: {"progress":"…"} while history is made,
 * {"seeded":true} when the company is up to date; then it lives on until stopped.
 */
export const runDemo = (root: string, dataDir: string, progress: (text: string) => void): Demo => {
  const child = spawn(process.execPath, [join(root, 'sandbox/dist/demo.js'), '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const seeded = new Promise<void>((resolve, reject) => {
    let rest = ''
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const message: unknown = JSON.parse(line)
        if (typeof message !== 'object' || message === null) continue
        if ('progress' in message && typeof message.progress === 'string') progress(message.progress)
        if ('seeded' in message) resolve()
      }
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The demo company ended (${code})`)))
  })
  return { seeded, stop: () => void child.kill('SIGTERM') }
}

/** The customer a newcomer should look at first (external_userid); none before the company is seeded. */
export const starOf = (dataDir: string): string | undefined => {
  const file = join(dataDir, 'demo.json')
  return existsSync(file)
    ? z.object({ star: z.string().optional() }).parse(JSON.parse(readFileSync(file, 'utf8'))).star
    : undefined
}
