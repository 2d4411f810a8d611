// npm run check-data -- FOLDER [SET…] [--lines N]: called by scripts/check-data.mjs.
import { parseArgs } from 'node:util'
import { runSet } from './run.ts'
import { dataSets } from './sets.ts'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { lines: { type: 'string' } } })
const [folder, ...names] = positionals
const lines = values.lines === undefined ? Infinity : Number(values.lines)
const chosen = names.length === 0 ? dataSets : dataSets.filter(({ name }) => names.includes(name))
if (folder === undefined || chosen.length === 0 || Number.isNaN(lines)) {
  console.error(`npm run check-data -- FOLDER [${dataSets.map(({ name }) => name).join(' | ')}]… [--lines N]`)
  process.exit(1)
}

let passed = true
const check = (what: string, expected: number, found: number): void => {
  const same = expected === found
  passed &&= same
  console.log(`  ${same ? 'PASS' : 'FAIL'}  ${what.padEnd(22)} expected ${expected}, found ${found}`)
}

for (const set of chosen) {
  const { csv, expected, note } = set.read(folder, lines)
  console.log(`${set.name} (${note})`)
  const { found, again, one, seconds, peak } = await runSet(set, csv)
  check('state done', 1, one.state === 'done' ? 1 : 0)
  check('customers', expected.customers, found.customers)
  check('orders', expected.orders, found.orders)
  check('revenue (minor units)', expected.revenue, found.revenue)
  check('rejected rows', expected.rejected, found.rejected)
  check('new the second time', 0, again.created + again.updated)
  check('unchanged', expected.orders, again.unchanged)
  console.log(`  ${one.counts.rows} rows in ${seconds.toFixed(0)} s, the server held at most ${peak} MB`)
}
process.exitCode = passed ? 0 : 1
