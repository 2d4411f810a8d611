// npm run bench -- NAME: builds what is stale, then runs the benchmark; it prints a table and writes bench/results/NAME.json.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { runMain, step } from './lib/say.mjs'

await runMain(async () => {
  await step('Building', build)
  process.exitCode =
    spawnSync(process.execPath, ['--import', 'tsx', 'bench/main.ts', ...process.argv.slice(2)], { stdio: 'inherit' })
      .status ?? 1
})
