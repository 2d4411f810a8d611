import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { ErrorBody } from '@zhiyin/shared/errors'

/** What `npm start` leaves for scripts on the same machine. */
const Local = z.object({ server: z.url(), adminKey: z.string().min(1) })

export type Target = { server: string; adminKey: string }
type Outcome = { ok: boolean; words: string }

const usage = `Runs the handlers of one received callback again.

  npm run replay -- inb_01J…

The id stands in the console under Inbox, and in GET /api/inbox. The server must be running: either started here by
npm start, or named by PUBLIC_URL with its ADMIN_API_KEY in the environment.`

const localTarget = (file: string): Target | null => {
  try {
    return Local.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** The running server: from the environment, else what `npm start` wrote down. */
export const targetOf = (env: NodeJS.ProcessEnv, root: string): Target | null => {
  const server = env['PUBLIC_URL'] ?? ''
  const adminKey = env['ADMIN_API_KEY'] ?? ''
  const local = localTarget(resolve(root, env['DATA_DIR'] ?? '.data', 'sandbox.json'))
  if (server !== '' && adminKey !== '') return { server, adminKey }
  return local && (adminKey === '' ? local : { ...local, adminKey })
}

/** Asks the server to replay; the words say what happened and, when it failed, what to do. */
export const replay = async (id: string, { server, adminKey }: Target): Promise<Outcome> => {
  const address = `${server.replace(/\/+$/, '')}/api/inbox/${encodeURIComponent(id)}/replay`
  const response = await fetch(address, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json', 'accept-language': 'en' },
    body: '{}',
    signal: AbortSignal.timeout(15_000),
  })
  const text = await response.text()
  if (response.ok) return { ok: true, words: `${id} is being run again. Follow it in the console under Inbox.` }
  const body = ErrorBody.safeParse(text.startsWith('{') ? JSON.parse(text) : null)
  const told = body.success ? body.data.error.message : `The server answered ${response.status}.`
  const advice: Readonly<Record<number, string>> = {
    401: 'Check ADMIN_API_KEY: it must be the one the server was started with.',
    404: 'Look the id up in the console under Inbox, or with GET /api/inbox?state=dead.',
  }
  return { ok: false, words: [told, advice[response.status]].filter(Boolean).join('\n') }
}

const main = async (): Promise<Outcome> => {
  const [id, ...more] = process.argv.slice(2)
  if (id === undefined || id.startsWith('-') || more.length > 0) return { ok: id === '--help', words: usage }
  const target = targetOf(process.env, process.cwd())
  if (target === null) {
    return {
      ok: false,
      words: 'No running server found. Start one with npm start, or set PUBLIC_URL and ADMIN_API_KEY.',
    }
  }
  try {
    return await replay(id, target)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { ok: false, words: `The server at ${target.server} cannot be reached. Is it running? (${error.message})` }
  }
}

if (process.argv[1]?.replace(/\.[jt]s$/, '').endsWith('replay')) {
  const { ok, words } = await main()
  const stream = ok ? process.stdout : process.stderr
  stream.write(`${words}\n`)
  process.exitCode = ok ? 0 : 1
}
