import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { report, type Figures } from './lib/report.ts'

/** A bench exports what it measures and the targets that hold for it. */
export type Bench = {
  readonly targets: Readonly<Record<string, { atLeast?: number; atMost?: number }>>
  run(args: readonly string[]): Promise<Figures>
}

const names = readdirSync('bench')
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => basename(file, '.bench.ts'))

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.error(`npm run bench -- NAME, where NAME is one of: ${names.join(', ')}`)
  process.exit(1)
}
const loaded: { bench: Bench } = await import(`./${name}.bench.ts`)
const met = report(name, await loaded.bench.run(args), loaded.bench.targets)
process.exit(met ? 0 : 2)
