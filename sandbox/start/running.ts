import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
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

/** A process that ended but was never waited for (containers without an init keep those) still has its number. */
const isZombie = (pid: number): boolean => {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && /\) Z /.test(readFileSync(file, 'utf8'))
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0) && !isZombie(pid)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    // Another user's, whom we may not signal: it lives.
    if (error instanceof Error && 'code' in error && error.code === 'EPERM') return true
    throw error
  }
}

/** Ends a process and waits until it is gone, so that nobody else has the data open. */
const end = async (pid: number): Promise<void> => {
  const late = Date.now() + 10_000
  for (let asked = false; alive(pid); asked = true) {
    if (!asked) process.kill(pid, 'SIGTERM')
    else if (Date.now() > late) process.kill(pid, 'SIGKILL')
    await sleep(20)
  }
}

/** What the last start left behind: `running` when it still lives; children of one that was killed are ended. */
export const lastStart = async (dataDir: string): Promise<'none' | 'running'> => {
  if (!existsSync(file(dataDir))) return 'none'
  const last = Running.parse(JSON.parse(readFileSync(file(dataDir), 'utf8')))
  if (alive(last.pid)) return 'running'
  await Promise.all(last.children.map(end))
  forgetRunning(dataDir)
  return 'none'
}
