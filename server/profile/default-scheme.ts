import { z } from 'zod'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'

const four = z.tuple([z.number(), z.number(), z.number(), z.number()])

/** The thresholds of RFM as settings held them before there were several schemes, each with its default; money in minor units. */
const Figures = z.object({
  windowDays: z.int().min(1).max(3650).default(365),
  recencyDays: four.default([30, 60, 90, 180]),
  frequency: four.default([1, 2, 4, 7]),
  monetary: four.default([10_000, 50_000, 100_000, 200_000]),
  classA: z.int().min(3).max(15).default(11),
  classB: z.int().min(3).max(15).default(7),
})

/** A level once reached is kept so many days after it was last deserved, where nobody has said otherwise. */
export const usualHold = 7

/** The scheme a company begins with: RFM to A, B and C; `figures` are those that were set in the settings once. */
export const rfmScheme = (figures: unknown = {}): TierScheme => {
  const { classA, classB, ...how } = Figures.parse(figures)
  return {
    id: 'rfm',
    name: 'RFM',
    levels: [
      { key: 'a', name: 'A', tier: 'A' },
      { key: 'b', name: 'B', tier: 'B' },
      { key: 'c', name: 'C', tier: 'C' },
    ],
    how: { type: 'rfm', mode: 'fixed', ...how, sums: [classA, classB] },
    holdDays: usualHold,
  }
}
