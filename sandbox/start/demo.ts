import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Told } from '../demo/told.ts'
import { admin } from '../wecom/admin/api.ts'
import { createAdminClient } from '../wecom/admin/client.ts'

export type Demo = {
  /** There is somebody to look at; the history may still be in the making. */
  readonly usable: Promise<void>
  readonly seeded: Promise<void>
  stop(): void
}

/** Something that comes or is missed; nobody need wait for it. */
const moment = () => {
  let reach = (): void => undefined
  let miss = (_error: Error): void => undefined
  const comes = new Promise<void>((resolve, reject) => {
    reach = resolve
    miss = reject
  })
  comes.catch(() => undefined)
  return { comes, reach, miss }
}

/** Runs the demo company as a child, which says how far it is (demo/told.ts) and lives on until stopped. */
export const runDemo = (root: string, dataDir: string, progress: (text: string, share: number) => void): Demo => {
  const child = spawn(process.execPath, [join(root, 'sandbox/dist/demo.js'), '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const usable = moment()
  const seeded = moment()
  const hear = (told: Told): void => {
    if ('progress' in told) progress(told.progress, told.share)
    else if ('usable' in told) usable.reach()
    else seeded.reach()
  }
  let rest = ''
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hear(Told.parse(JSON.parse(line)))
  })
  const fail = (error: Error): void => {
    usable.miss(error)
    seeded.miss(error)
  }
  child.once('error', fail)
  child.once('exit', (code) => fail(new Error(`The demo company ended (${code})`)))
  return { usable: usable.comes, seeded: seeded.comes, stop: () => void child.kill('SIGTERM') }
}

const Pages = z.object({ star: z.string().optional(), seeded: z.boolean() })

/** `star`: the customer a newcomer should look at first (external_userid; none before they have come). `seeded`: the history is made. `people`: the members. */
export type CompanyNow = z.infer<typeof Pages> & { readonly people: readonly string[] }

/** How the company of a data folder stands. */
export const companyIn = async (dataDir: string, wecomUrl: string): Promise<CompanyNow> => {
  const file = join(dataDir, 'demo.json')
  const pages = existsSync(file) ? Pages.parse(JSON.parse(readFileSync(file, 'utf8'))) : { seeded: false }
  const { members } = await createAdminClient(wecomUrl)(admin.company.state)
  return { ...pages, people: members.map(({ userid }) => userid) }
}
