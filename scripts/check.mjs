// npm run check: format, types, lint, zones, unused code. Everything short of the tests. Each part says what it found; all parts run.
import { spawnSync } from 'node:child_process'
import { runMain, step, Stop } from './lib/say.mjs'

const parts = [
  ['Format', 'npx', ['prettier', '--check', '.', '--log-level', 'warn']],
  ['Types: server, sandbox, shared, tests', 'npx', ['tsc', '--noEmit', '-p', '.']],
  ['Types: sidebar', 'npx', ['vue-tsc', '--noEmit', '-p', 'sidebar/tsconfig.json']],
  ['Types: console', 'npx', ['vue-tsc', '--noEmit', '-p', 'console/tsconfig.json']],
  ['Types: chat page', 'npx', ['vue-tsc', '--noEmit', '-p', 'sandbox/wecom/page/tsconfig.json']],
  ['Lint', 'npx', ['oxlint', '--type-aware', '--deny-warnings', '.']],
  ['Zones: who may import whom', process.execPath, ['--import', 'tsx', 'scripts/zones.ts']],
  ['Unused files, exports and packages', 'npx', ['knip', '--no-progress']],
]

export const check = async () => {
  const failed = []
  for (const [title, program, args] of parts)
    try {
      await step(title, async () => {
        const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
        if (status !== 0) throw new Stop(`${stdout}${stderr}`)
      })
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      failed.push(title)
      process.stdout.write(`✗ ${title}\n${error.message}\n`)
    }
  if (failed.length > 0) throw new Stop(`${failed.length} part(s) of the check failed: ${failed.join('; ')}`)
}

if (process.argv[1] === import.meta.filename) await runMain(check)
