import { cutsOf, type Cuts } from '@zhiyin/shared/tier-scheme'
import { fewest, workedCuts } from './quantiles.ts'
import { counting } from './store.ts'
import type { Summary } from './summary.ts'
import type { SchemeDoc, TrialDoc } from './tiers.model.ts'

type Proposal = Pick<TrialDoc, 'proposed' | 'inForce' | 'buyers' | 'why'>

/** The limits that today's buyers would give a scheme, whether it takes them by itself or not; or why there are none. */
export const proposalFor = (doc: SchemeDoc, summary: Summary | null): Proposal => {
  const inForce = cutsOf(counting(doc).how)
  const nothing = (why: TrialDoc['why'], buyers: number | null = null): Proposal => ({
    proposed: null,
    inForce,
    buyers,
    why,
  })
  if (inForce === null || summary === null) return nothing('no_limits')
  const { buyers } = summary
  if (buyers < fewest) return nothing('few', buyers)
  const proposed: Cuts | null = workedCuts(doc.how, summary)
  return proposed === null ? nothing('no_shares', buyers) : { proposed, inForce, buyers, why: null }
}
