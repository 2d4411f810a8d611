import { setTimeout as sleep } from 'node:timers/promises'
import { tiers } from '@zhiyin/shared/api/tiers'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { decimal } from './csv.ts'
import type { Product } from './product.ts'
import { field, user, type RawOrder } from './sets.ts'
import { dayMs, zoneMs } from './zone.ts'

const hourMs = 3_600_000

/** RFM by quintiles over ten years, without a hold. */
export const quintileScheme: SchemeInput = {
  name: 'Quintiles',
  levels: [
    { key: 'a', name: 'A', tier: 'A' },
    { key: 'b', name: 'B', tier: 'B' },
    { key: 'c', name: 'C', tier: 'C' },
  ],
  how: {
    type: 'rfm',
    windowDays: 3650,
    mode: 'quantile',
    recencyDays: [30, 60, 90, 180],
    frequency: [1, 2, 4, 7],
    monetary: [10_000, 50_000, 100_000, 200_000],
    sums: [11, 7],
  },
  holdDays: 0,
}

export const columns = [user, field('id'), field('time'), field('amount')]

/** Orders with numbers as a file whose last day is `end` (days since 1970): all are moved by the same number of days. */
export const fileOf = (orders: readonly RawOrder[], moved: number): string =>
  [
    'customer,order,time,amount',
    ...orders.map(({ customer, order, at, amount }) => {
      const time = new Date(at + moved * dayMs).toISOString().slice(0, 19).replace('T', ' ')
      return [`"${customer.replaceAll('"', '""')}"`, order, time, decimal(amount)].join(',')
    }),
  ].join('\n')

/** Puts the product’s clock to 02:00 of tomorrow; answers that day (days since 1970, of the company’s zone). */
export const beforeTheNight = async ({ now, setClock }: Product): Promise<number> => {
  const today = Math.floor(((await now()) + zoneMs) / dayMs) + 1
  await setClock(today * dayMs - zoneMs + 2 * hourMs)
  return today
}

/** Lets the night’s count come, and noon; everybody stands by the new limits then. */
export const throughTheNight = async ({ call, quiet, now, setClock }: Product, today: number): Promise<void> => {
  await quiet()
  await setClock(today * dayMs - zoneMs + 4 * hourMs)
  const from = await now()
  for (;;) {
    const { items } = await call(tiers.list, {})
    const counted = items.every(({ worked }) => worked !== null && Date.parse(worked.computedAt) >= from - 60_000)
    if (counted) break
    await sleep(500)
  }
  await quiet()
  await setClock(today * dayMs - zoneMs + 12 * hourMs)
  // Whoever is due is looked at by the next sweep.
  await sleep(2_000)
  await quiet()
}
