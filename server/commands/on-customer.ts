import type { NewFact } from '@zhiyin/shared/fact'
import type { Audit } from '../audit/audit.ts'
import { heldIn, scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { CustomerView } from '../profile/read.ts'

/** What every change a person makes to a customer needs. */
export type OnCustomerDeps = {
  read: { view(id: string): Promise<CustomerView | null> }
  append: (facts: readonly NewFact[]) => Promise<{ stored: number }>
  /** Folds at once, so that whoever made the change sees it. */
  fold: (customerId: string) => Promise<void>
  clock: Clock
  audit: Audit
}

/**
 * A rep works with customers they hold, also with those who deleted them; a manager with those of their departments; an admin, and a
 * manager of the whole company, with all, also with those whom nobody holds. Throws policy.not_your_customer.
 */
export const mustHold = (actor: SignedIn, customer: Parameters<typeof heldIn>[1]): void => {
  if (!heldIn(scopeOf(actor), customer)) throw new AppError('policy.not_your_customer', { status: 403 })
}

/** The customer, if the actor may work with them. */
export const ownCustomer = async (read: OnCustomerDeps['read'], actor: SignedIn, id: string): Promise<CustomerView> => {
  const view = await read.view(id)
  if (view === null) throw notFound('customer', id)
  mustHold(actor, view)
  return view
}

/** Who made a change, as it stands in a fact. */
export const byOf = (actor: SignedIn): string => (actor.kind === 'member' ? actor.userid : actor.name)
