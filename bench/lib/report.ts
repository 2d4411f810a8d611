import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'

export type Figures = Readonly<Record<string, number | string>>

const shown = (value: number | string): string =>
  typeof value === 'string' ? value : value >= 100 ? value.toFixed(0) : value.toFixed(3)

/** Prints the figures as a table and writes them to bench/results/NAME.json; targets are printed beside what was seen. */
export const report = (
  name: string,
  figures: Figures,
  targets: Readonly<Record<string, { atLeast?: number; atMost?: number }>>,
): boolean => {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load_before: Number((loadavg()[0] ?? 0).toFixed(2)),
    node: process.version,
  }
  const rows = Object.entries(figures).map(([key, value]) => {
    const target = targets[key]
    const words =
      target === undefined
        ? ''
        : target.atLeast === undefined
          ? `at most ${target.atMost}`
          : `at least ${target.atLeast}`
    const met =
      target === undefined ||
      typeof value === 'string' ||
      ((target.atLeast === undefined || value >= target.atLeast) &&
        (target.atMost === undefined || value <= target.atMost))
    return { key, value: shown(value), words, met }
  })
  const width = Math.max(...rows.map(({ key }) => key.length))
  console.log(`\n${name}   (${machine.cores} × ${machine.cpu}, load ${machine.load_before}, Node ${machine.node})`)
  for (const row of rows)
    console.log(`  ${row.key.padEnd(width)}  ${row.value.padStart(12)}  ${row.words}${row.met ? '' : '   ← not met'}`)
  mkdirSync('bench/results', { recursive: true })
  writeFileSync(
    `bench/results/${name}.json`,
    `${JSON.stringify({ ...figures, ...machine, at: new Date().toISOString() }, null, 2)}\n`,
  )
  return rows.every(({ met }) => met)
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** The value below which a share of the others lies. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0
}
