import { parseArgs } from 'node:util'
import { z } from 'zod'
import { fuzz } from './check.ts'

const usage = `Tries honest and bent callbacks on the receive URL's parser.

  npm run fuzz -- [--cases 100000] [--seed N]`

const Flags = z.object({
  cases: z.coerce.number().pipe(z.int().min(1)).default(100_000),
  seed: z.coerce
    .number()
    .pipe(z.int())
    .default(() => Date.now() % 1_000_000_000),
})

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: { cases: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
})
const flags = Flags.safeParse(values)
if (values.help === true || !flags.success) {
  print(flags.success ? usage : `${z.prettifyError(flags.error)}\n\n${usage}`)
  process.exit(flags.success ? 0 : 1)
}
const { cases, seed } = flags.data
const began = performance.now()
const kinds = fuzz(cases, seed)
const width = Math.max(...Object.keys(kinds).map((kind) => kind.length))
for (const [kind, count] of Object.entries(kinds).toSorted(([a], [b]) => a.localeCompare(b)))
  print(`  ${kind.padEnd(width)}  ${String(count).padStart(8)}`)
print(
  `${cases} cases, seed ${seed}: none crashed it, none got past it (${((performance.now() - began) / 1000).toFixed(0)} s)`,
)
