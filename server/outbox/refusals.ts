import { because } from '@zhiyin/shared/because'
import type { Fact, NewFact } from '@zhiyin/shared/fact'
import type { CustomerView } from '../profile/view.ts'
import type { Withdraw } from './withdraw.ts'

type Deps = {
  views: (ids: readonly string[]) => Promise<readonly Pick<CustomerView, 'consent'>[]>
  withdraw: Withdraw
}

/** Whether a fact may say that somebody wants no more marketing messages. */
const mayRefuse = (fact: NewFact | Fact): boolean =>
  (fact.type === 'consent.changed' && fact.payload.purpose === 'marketing' && fact.payload.state === 'withdrawn') ||
  (fact.type === 'profile.identified' && 'marketing_consent' in fact.payload.traits)

/** Whoever withdraws their consent gets nothing that was on its way: what waits is blocked, what a rep has not confirmed is taken back. */
export const createRefusals = ({ views, withdraw }: Deps) => ({
  concerns: mayRefuse,
  async match(customerId: string, facts: readonly Fact[]): Promise<void> {
    if (!facts.some(mayRefuse)) return
    const [view] = await views([customerId])
    if (view?.consent === 'withdrawn') await withdraw({ customerId }, because('block.consent'))
  },
})
