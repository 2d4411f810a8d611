// npm test: everything. A fresh clone on a bare machine is enough; what is missing is installed where that is permitted.
// npm test -- PATTERN… runs only the test files whose path contains a pattern (and skips the check).
import { spawn } from 'node:child_process'
import { browser, has, installPackages, installProgram, packagesMissing } from './lib/install.mjs'
import { runMain, step, Stop } from './lib/say.mjs'

const vitest = (args) =>
  new Promise((resolve, reject) => {
    const child = spawn('npx', ['vitest', 'run', ...args], {
      stdio: 'inherit',
      env: { ...process.env, CHROMIUM: browser() },
    })
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Stop('Some tests failed; see above.'))))
  })

await runMain(async () => {
  const only = process.argv.slice(2)
  if (packagesMissing()) await step('Installing packages', installPackages)
  if (!process.env.REDIS_URL && !has('redis-server'))
    await step('Installing redis-server', () => installProgram('redis', 'The tests need redis-server.'))
  if (browser() === '')
    await step('Installing chromium', () => installProgram('chromium', 'The browser tests need chromium.'))
  const { build } = await import('./build.mjs')
  await step('Building', build)
  if (only.length === 0) await (await import('./check.mjs')).check()
  if (only.length > 0) return vitest(only)
  // What starts whole processes runs when nothing else does: its clocks and time-outs are real.
  await vitest(['--project', 'unit', '--project', 'ui', '--project', 'integration'])
  await vitest(['--project', 'stories'])
})
