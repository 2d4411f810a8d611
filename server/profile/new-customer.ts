import type { CustomerDoc } from './customers.model.ts'
import { lookUpOf } from './look-up.ts'
import { signalsOf } from './signals.ts'
import { emptyState } from './state/state.ts'
import { placeAt, type Place, type Scheme } from './work-out.ts'

/** A place as it is stored. */
export const storedPlace = ({ stage, tier }: Place): Pick<CustomerDoc, 'stage' | 'tier'> => ({
  stage: { ...stage, because: [...stage.because] },
  tier: { ...tier, because: [...tier.because] },
})

/** A customer of whom nothing is known yet but who they are; in a stage and a tier from the first moment. */
export const newCustomer = (id: string, externalUserId: string | null, now: Date, scheme: Scheme): CustomerDoc => {
  const signals = signalsOf(emptyState)
  return {
    _id: id,
    createdAt: now,
    updatedAt: now,
    rev: 0,
    state: emptyState,
    contact: null,
    ...storedPlace(placeAt(signals, scheme, now, null)),
    stageVersion: 0,
    tierVersion: 0,
    workedOutAt: now,
    nextDueAt: null,
    lookAt: null,
    ...lookUpOf(emptyState, null, signals, { createdAt: now, externalUserId }),
  }
}
