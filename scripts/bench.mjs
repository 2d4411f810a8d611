// npm run bench -- NAME: builds what is stale, then runs the benchmark; it prints a table and writes bench/results/NAME.json.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { runMain, step } from './lib/say.mjs'

/** As the product's processes are started. */
const asServed = ['--min-semi-space-size=8', '--max-semi-space-size=64']

await runMain(async () => {
  await step('Building', build)
  process.exitCode =
    spawnSync(process.execPath, [...asServed, '--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], {
      stdio: 'inherit',
    }).status ?? 1
})
