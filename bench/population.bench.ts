import { populationOf } from '../sandbox/population/population.ts'
import { cdnow } from '../sandbox/population/purchase.ts'
import { streamOf } from '../sandbox/population/stream.ts'
import type { Bench } from './main.ts'

const start = Date.UTC(2026, 0, 5) - 8 * 3_600_000
const lookEvery = 50_000

/** Streams what a million customers (or as many as given) do in 30 days; nothing is sent anywhere. */
export const bench: Bench = {
  targets: { deeds_per_s: { atLeast: 50_000 }, rss_mb: { atMost: 400 } },
  run(args) {
    const customers = Number(args[0] ?? 1_000_000)
    const people = populationOf({ seed: 1, customers, start, days: 30, model: cdnow, lookers: 0 })
    const began = performance.now()
    let deeds = 0
    let rss = 0
    for (const _deed of streamOf(people)) {
      deeds += 1
      if (deeds % lookEvery === 0) rss = Math.max(rss, process.memoryUsage().rss)
    }
    const seconds = (performance.now() - began) / 1000
    return Promise.resolve({
      customers,
      deeds,
      deeds_per_s: Math.round(deeds / seconds),
      rss_mb: Math.round(rss / 1e6),
    })
  },
}
