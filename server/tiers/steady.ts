import { nightsToAdopt, type Cuts } from '@zhiyin/shared/tier-scheme'
import { fewest } from './quantiles.ts'
import type { Worked } from './tiers.model.ts'

/** Limits that hold already are kept down to so many, so that nobody flaps when one buyer more or less is counted. */
const keptDownTo = 40
/** A limit is off by at least this share of the one in force, and by 1. */
const threshold = 0.1
const dayMs = 86_400_000
/** No night's count is at the very minute of the one before, and a night of some zones is an hour shorter. */
const slackMs = 2 * 3_600_000

const figuresOf = (cuts: Cuts): number[] =>
  cuts.type === 'rfm' ? [...cuts.recencyDays, ...cuts.frequency, ...cuts.monetary] : cuts.limits

/** The limits that are far from those in force, each with the side it is off to. */
export const farOf = (cuts: Cuts, from: Cuts): string[] => {
  const stands = figuresOf(from)
  return figuresOf(cuts).flatMap((value, i) => {
    const off = value - (stands[i] ?? 0)
    return Math.abs(off) < Math.max(1, Math.abs(stands[i] ?? 0) * threshold) ? [] : [`${i}${off > 0 ? '+' : '-'}`]
  })
}

type InForce = Pick<Worked, 'inForce' | 'waiting'>

/**
 * What holds after a count: the limits in force until the same limit was found far on the same side by every count of so many nights, then
 * the new ones; or none with too few buyers. A limit that hovers, as one between two and three orders does, moves nobody back and forth.
 */
export const nextInForce = (
  cuts: Cuts | null,
  before: InForce | null,
  { buyers, at, holdDays }: { readonly buyers: number; readonly at: Date; readonly holdDays: number },
): InForce => {
  const stands = before?.inForce ?? null
  if (cuts === null || buyers < (stands === null ? fewest : keptDownTo)) return { inForce: null, waiting: null }
  if (stands === null || stands.type !== cuts.type) return { inForce: cuts, waiting: null }
  const far = farOf(cuts, stands)
  if (far.length === 0) return { inForce: stands, waiting: null }
  const still = before?.waiting?.far.filter((one) => far.includes(one)) ?? []
  const waiting = before?.waiting && still.length > 0 ? { ...before.waiting, far: still } : { since: at, far }
  const nights = nightsToAdopt(holdDays) * dayMs - slackMs
  return at.getTime() - waiting.since.getTime() >= nights
    ? { inForce: cuts, waiting: null }
    : { inForce: stands, waiting }
}
