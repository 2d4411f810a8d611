// npm run check: format, types, lint, zones, unused code. Everything short of the tests. Each part says what it found; all parts run.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { runMain, step, Stop } from './lib/say.mjs'

const apps = ['sidebar', 'console', 'sandbox/wecom/page']
const lint = ['oxlint', '--type-aware', '--deny-warnings']

/** The longest first. The type-aware lint works the types out anyway, so it reports their errors too. */
const parts = [
  [
    'Types and lint: server, sandbox, shared, tests',
    'npx',
    [...lint, '--type-check', '.', ...apps.flatMap((app) => ['--ignore-pattern', `${app}/**`])],
  ],
  ['Format', 'npx', ['prettier', '--check', '.', '--log-level', 'warn']],
  ['Types: sidebar, console, chat page', 'npx', ['vue-tsc', '--noEmit', '-p', 'tsconfig.apps.json']],
  ['Lint: sidebar, console, chat page', 'npx', [...lint, ...apps]],
  ['Unused files, exports and packages', 'npx', ['knip', '--no-progress']],
  ['Zones: who may import whom', process.execPath, ['--import', 'tsx', 'scripts/zones.ts']],
]

const found = (program, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (words += chunk))
    child.once('error', reject)
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Stop(words))))
  })

/** As many parts at a time as there are cores. */
export const check = async () => {
  const failed = []
  const left = parts.values()
  const work = async () => {
    for (const [title, program, args] of left)
      try {
        await step(title, () => found(program, args))
      } catch (error) {
        if (!(error instanceof Stop)) throw error
        failed.push(title)
        process.stdout.write(`✗ ${title}\n${error.message}\n`)
      }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  if (failed.length > 0) throw new Stop(`${failed.length} part(s) of the check failed: ${failed.join('; ')}`)
}

if (process.argv[1] === import.meta.filename) await runMain(check)
