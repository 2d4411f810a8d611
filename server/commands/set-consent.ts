import type { SignedIn } from '../platform/actor.ts'
import type { NewId } from '../platform/id.ts'
import { byOf, ownCustomer, type OnCustomerDeps } from './on-customer.ts'

type Consent = { marketing: 'granted' | 'withdrawn'; note?: string | undefined }

/** Records consent to marketing messages, or its withdrawal, with who noted it and when. */
export const setConsent =
  ({ read, append, fold, clock, audit, newId }: OnCustomerDeps & { newId: NewId }) =>
  async (actor: SignedIn, customerId: string, { marketing, note }: Consent): Promise<void> => {
    await ownCustomer(read, actor, customerId)
    const traits = { marketing_consent: marketing, ...(note ? { marketing_consent_note: note } : {}) }
    await append([
      {
        id: newId('fact'),
        customerId,
        type: 'profile.identified',
        at: clock.date(),
        source: 'rep',
        payload: { traits, source: 'rep', by: byOf(actor) },
      },
    ])
    await fold(customerId)
    await audit.record({
      actor,
      act: 'customer.consent_set',
      subject: `customer:${customerId}`,
      detail: { marketing },
    })
  }
