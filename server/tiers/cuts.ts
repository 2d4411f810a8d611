import { isDeepStrictEqual } from 'node:util'
import type { TierHow } from '@zhiyin/shared/tier-scheme'
import { fewest, workedCuts } from './quantiles.ts'
import { nextInForce } from './steady.ts'
import type { Schemes } from './store.ts'
import type { Summary } from './summary.ts'
import type { SchemeDoc, Worked } from './tiers.model.ts'

/** The window a scheme counts in; null for those that count no orders. */
export const windowOf = (how: TierHow): number | null => ('windowDays' in how ? how.windowDays : null)

/** What a count makes of a scheme's limits. With too few buyers nothing is proposed and the scheme's own limits hold. */
export const workedFor = (
  { how, worked, holdDays }: Pick<SchemeDoc, 'how' | 'worked' | 'holdDays'>,
  summary: Summary,
  at: Date,
): Worked => {
  const cuts = workedCuts(how, summary)
  const before = worked?.inForce ?? null
  const byQuantile = 'mode' in how && how.mode === 'quantile'
  const { buyers } = summary
  const { inForce, waiting } = byQuantile
    ? nextInForce(cuts, worked, { buyers, at, holdDays })
    : { inForce: null, waiting: null }
  const adopted = inForce !== null && !isDeepStrictEqual(inForce, before)
  return {
    at,
    buyers,
    cuts: inForce === null && buyers < fewest ? null : cuts,
    inForce,
    adoptedAt: inForce === null ? null : adopted ? at : (worked?.adoptedAt ?? at),
    waiting: waiting ?? null,
  }
}

type Deps = { schemes: Pick<Schemes, 'all' | 'keepWorked'> }

/** Brings the limits of every scheme of a window in line with a new count. */
export const createCuts =
  ({ schemes }: Deps) =>
  async (windowDays: number, summary: Summary, at: Date): Promise<void> => {
    for (const doc of await schemes.all())
      if (windowOf(doc.how) === windowDays) await schemes.keepWorked(doc, workedFor(doc, summary, at))
  }
