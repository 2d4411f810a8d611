// npm run bench -- NAME: builds what is stale, then runs the benchmark; it prints a table and writes bench/results/NAME.json.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { build } from './build.mjs'
import { bundleOptions } from './lib/bundle.mjs'
import { runMain, step } from './lib/say.mjs'

/** Benchmarks run the product's rooms in their own process: bundled and started as it is served. */
const buildBench = async () => {
  rmSync('bench/dist', { recursive: true, force: true })
  const esbuild = await import('esbuild')
  const entryPoints = { main: 'bench/main.ts', 'load-main': 'bench/lib/load-main.ts' }
  await esbuild.build({ ...bundleOptions, entryPoints, outdir: 'bench/dist', splitting: true })
}
const asServed = [
  '--enable-source-maps',
  '--min-semi-space-size=8',
  '--max-semi-space-size=64',
  '--no-allocation-site-pretenuring',
]

await runMain(async () => {
  await step('Building', async () => {
    await build()
    await buildBench()
  })
  process.exitCode =
    spawnSync(process.execPath, [...asServed, 'bench/dist/main.js', ...process.argv.slice(2)], { stdio: 'inherit' })
      .status ?? 1
})
