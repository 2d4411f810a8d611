import type { Audit } from '../audit/audit.ts'
import type { Measure } from '../measure/room.ts'
import type { SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'

type Deps = { measure: Pick<Measure, 'seasons'>; audit: Audit }
type Season = Awaited<ReturnType<Measure['seasons']['begin']>>

/** A manager changes how many are left out of everything, or begins a season with others. */
export const setHoldout = ({ measure: { seasons }, audit }: Deps) => ({
  async percent(actor: SignedIn, percent: number): Promise<Season> {
    const before = await seasons.fresh()
    if (before === null) throw notFound('season', 'current')
    await seasons.setPercent(percent)
    const subject = `season:${before._id}`
    await audit.record({ actor, act: 'holdout.percent', subject, detail: { from: before.percent, to: percent } })
    return { ...before, percent }
  },
  async begin(actor: SignedIn, { name, percent }: { name: string; percent: number }): Promise<Season> {
    const season = await seasons.begin(name, percent)
    await audit.record({ actor, act: 'holdout.begin', subject: `season:${season._id}`, detail: { name, percent } })
    return season
  },
})
