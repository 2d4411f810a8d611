import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { identity, type Identity } from './identity.ts'
import type { CustomerDetail, Snapshots } from './snapshot.ts'

/** So often two words of one customer may cross before a job has to come again. */
const most = 5

type Deps = {
  clock: Clock
  /** Rejects when WeCom cannot be asked now; null when nobody in range holds the customer any more. */
  getCustomer: (externalUserId: string) => Promise<CustomerDetail | null>
  ensureCustomer: (identities: readonly Identity[]) => Promise<string>
  save: Snapshots['saveContactSnapshot']
}

/** Who somebody is whom WeCom tells nothing of. `at`: when they became a contact, where that is certainly what happened. */
export const knownAs = (externalUserId: string, at?: Date): Identity[] => {
  const found = identity('external_userid', externalUserId)
  return found === null ? [] : [at === undefined ? found : { ...found, at }]
}

/**
 * Asks WeCom for a customer and keeps what it says. Of two answers that cross nobody knows which is newer: it is asked again.
 * `addedAt`: when they became a contact, where that is certainly what happened. `alreadyTold`: the rep whose add the caller tells of
 * itself. Rejects when WeCom cannot be asked now.
 */
export const createFetchContact =
  ({ clock, getCustomer, ensureCustomer, save }: Deps) =>
  async (
    externalUserId: string,
    { addedAt, alreadyTold }: { addedAt?: Date | undefined; alreadyTold?: string } = {},
  ): Promise<{ detail: CustomerDetail | null; customerId: string }> => {
    for (let turn = 0; turn < most; turn += 1) {
      const fetchedAt = clock.date()
      const detail = await getCustomer(externalUserId)
      if (detail === null) return { detail, customerId: await ensureCustomer(knownAs(externalUserId, addedAt)) }
      const times = { fetchedAt, answeredAt: clock.date() }
      const { customerId, kept } = await save(detail, times, alreadyTold)
      if (kept !== 'crossed') return { detail, customerId }
    }
    throw new AppError('conflict.changed', { status: 409, retry: 'backoff' })
  }

export type FetchContact = ReturnType<typeof createFetchContact>
