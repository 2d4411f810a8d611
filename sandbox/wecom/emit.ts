import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { emit, readRequest } from './callback/emit-command.ts'

const ADDRESS_FILE = '.data/sandbox.json'
const Addresses = z.object({ wecom: z.url() })

/** Where the stand-in runs: --url, else what `npm start` wrote down. */
function address(args: string[]): string {
  const given = args.find((arg) => arg.startsWith('--url='))?.slice('--url='.length)
  if (given !== undefined) return given.replace(/\/$/, '')
  if (!existsSync(ADDRESS_FILE))
    throw new Error(
      `no stand-in is known (${ADDRESS_FILE} is missing): run npm start, or give --url=http://127.0.0.1:PORT`,
    )
  return Addresses.parse(JSON.parse(readFileSync(ADDRESS_FILE, 'utf8'))).wecom.replace(/\/$/, '')
}

/** Accepts `--url X` as well as `--url=X`. */
function joined(args: string[]): string[] {
  const at = args.indexOf('--url')
  return at === -1 ? args : [...args.slice(0, at), `--url=${args[at + 1] ?? ''}`, ...args.slice(at + 2)]
}

async function run(): Promise<number> {
  const args = joined(process.argv.slice(2))
  const request = readRequest(args.filter((arg) => !arg.startsWith('--url=')))
  if (typeof request === 'string') {
    process.stderr.write(`${request}\n`)
    return 2
  }
  return (await emit(address(args), request, (line) => console.log(line))) ? 0 : 1
}

try {
  process.exitCode = await run()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
