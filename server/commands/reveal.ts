import type { Audit } from '../audit/audit.ts'
import { hasRole, type SignedIn } from '../platform/actor.ts'
import { forbidden, notFound } from '../platform/errors.ts'
import type { PersonalKind } from '../platform/personal.ts'
import type { Looking } from '../privacy/read.ts'
import type { WholeCustomer } from '../profile/read.ts'
import { mustHold } from './on-customer.ts'

type Deps = {
  whole: (customerId: string) => Promise<WholeCustomer | null>
  look: Pick<Looking, 'values'>
  audit: Audit
}

/** A manager sees personal data of one kind in clear; what is marked as sensitive only an admin. Who, which and why is written down before it is shown. */
export const reveal =
  ({ whole, look, audit }: Deps) =>
  async (actor: SignedIn, customerId: string, kind: PersonalKind, reason: string): Promise<string[]> => {
    const doc = await whole(customerId)
    if (doc === null) throw notFound('customer', customerId)
    mustHold(actor, doc)
    const admin = hasRole(actor, 'admin')
    if (kind === 'text' && !admin) throw forbidden('admin')
    const subject = `customer:${customerId}`
    await audit.record({ actor, act: 'customer.revealed', subject, detail: { kind, reason } })
    return look.values(doc, kind, admin)
  }
