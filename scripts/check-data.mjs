// npm run check-data -- FOLDER [SET…]: builds what is stale, then imports real orders into a real stack and compares with their published figures.
import { spawnSync } from 'node:child_process'
import { build } from './build.mjs'
import { runMain, step } from './lib/say.mjs'

await runMain(async () => {
  await step('Building', build)
  const args = ['--import', 'tsx', 'scripts/check-data/main.ts', ...process.argv.slice(2)]
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
})
