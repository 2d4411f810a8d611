import type { FactPayload } from '@zhiyin/shared/fact'
import type { SignedIn } from '../platform/actor.ts'
import type { NewId } from '../platform/id.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Said = Omit<FactPayload<'consent.changed'>, 'by'>

/** Records consent to a purpose, or its withdrawal, with who noted it, from whom, and what proves it. It holds at once. */
export const setConsent =
  ({ read, append, fold, clock, audit, newId }: OnCustomerDeps & { newId: NewId }) =>
  async (actor: SignedIn, customerId: string, { purpose, state, source, proof }: Said): Promise<void> => {
    await ownCustomer(read, actor, customerId)
    const proven = proof === undefined || Object.keys(proof).length === 0 ? {} : { proof }
    await append([
      {
        id: newId('fact'),
        customerId,
        type: 'consent.changed',
        at: clock.date(),
        source: 'rep',
        payload: { purpose, state, source, by: byOf(actor), ...proven },
      },
    ])
    await fold(customerId)
    await audit.record({
      actor,
      act: 'customer.consent_set',
      subject: `customer:${customerId}`,
      detail: { purpose, state, source },
    })
  }
