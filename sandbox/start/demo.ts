import { spawn } from 'node:child_process'
import { join } from 'node:path'

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
