import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** Where a running product can be found: read by `npm run emit`, `npm run replay` and the demo. */
const Running = z.object({
  pid: z.int(),
  children: z.array(z.int()),
  server: z.string(),
  public: z.string(),
  wecom: z.string(),
  adminKey: z.string(),
  writeKey: z.string(),
})
export type Running = z.infer<typeof Running>

const file = (dataDir: string): string => join(dataDir, 'sandbox.json')

export const saveRunning = (dataDir: string, running: Running): void =>
  writeFileSync(file(dataDir), JSON.stringify(running, null, 2), { mode: 0o600 })
export const forgetRunning = (dataDir: string): void => rmSync(file(dataDir), { force: true })

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}

/** What the last start left behind: `running` when it still lives; children of one that was killed are ended. */
export const lastStart = (dataDir: string): 'none' | 'running' => {
  if (!existsSync(file(dataDir))) return 'none'
  const last = Running.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')))
  if (alive(last.pid)) return 'running'
  for (const child of last.children) if (alive(child)) process.kill(child, 'SIGTERM')
  forgetRunning(dataDir)
  return 'none'
}
