// npm run check-data -- FOLDER [SET…] [--part import|tiers|order] [--lines N]: called by scripts/check-data.mjs.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createChecks } from './checks.ts'
import { checkImport } from './import-part.ts'
import { checkOrder } from './order-part.ts'
import { dataSets } from './sets.ts'
import { checkTiers } from './tiers-part.ts'

const parts = ['import', 'tiers', 'order']
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { lines: { type: 'string' }, part: { type: 'string', multiple: true, default: parts } },
})
const [folder, ...names] = positionals
const lines = values.lines === undefined ? Infinity : Number(values.lines)
const chosen = names.length === 0 ? dataSets : dataSets.filter(({ name }) => names.includes(name))
const unknown = values.part.some((part) => !parts.includes(part))
if (folder === undefined || chosen.length === 0 || Number.isNaN(lines) || unknown) {
  const sets = dataSets.map(({ name }) => name).join(' | ')
  console.error(`npm run check-data -- FOLDER [${sets}]… [--part ${parts.join(' | ')}]… [--lines N]`)
  process.exit(1)
}

const missing = chosen.filter(({ name }) => !existsSync(join(folder, name)))
if (missing.length > 0) {
  const names = missing.map(({ name }) => name).join(', ')
  console.error(`${folder} holds no ${names}: give the folder that holds one folder for each set, by its name`)
  process.exit(1)
}

const checks = createChecks()
for (const set of chosen) {
  const raw = set.read(folder, lines)
  if (lines === Infinity) {
    checks.say(`${set.name}: the raw file against what was published`)
    const paid = set.published.amount === undefined ? raw.orders : raw.orders.filter(({ free }) => !free)
    checks.same('rows', set.published.rows, raw.rows)
    checks.same('orders', set.published.orders, paid.length)
    checks.same('customers', set.published.customers, new Set(paid.map(({ customer }) => customer)).size)
    if (set.published.amount !== undefined)
      checks.same(
        'amount',
        set.published.amount,
        paid.reduce((sum, { amount }) => sum + amount, 0),
      )
  }
  if (values.part.includes('import')) {
    checks.say(`${set.name}: import`)
    await checkImport(checks, set, raw, folder)
  }
  if (values.part.includes('tiers') && set.midnight) {
    checks.say(`${set.name}: tiers and stages`)
    await checkTiers(checks, { name: set.name, raw: raw.orders, unit: set.unit })
  }
  if (values.part.includes('order')) {
    checks.say(`${set.name}: late, repeated, out of order`)
    await checkOrder(checks, set.few(folder))
  }
}
process.exitCode = checks.passed() ? 0 : 1
