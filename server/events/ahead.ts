import { consentOfTrait } from '@zhiyin/shared/consent'
import type { NewFact } from '@zhiyin/shared/fact'

/** Whoever withdrew is not asked to wait for a clock. */
const withdraws = (fact: NewFact): boolean =>
  (fact.type === 'consent.changed' && fact.payload.state === 'withdrawn') ||
  (fact.type === 'profile.identified' &&
    Object.entries(fact.payload.traits).some(([key, value]) => consentOfTrait(key, value)?.state === 'withdrawn'))

/** A withdrawal dated ahead is one of now: what somebody says until then comes after it. */
export const withdrawnNow = <F extends NewFact>(fact: F, now: Date): F =>
  fact.at > now && withdraws(fact) ? { ...fact, at: now } : fact

/**
 * Whether a fact is dated after now, by an order for tomorrow or a clock that runs ahead: it is stored at once and counts when its moment
 * comes. What WeCom tells of has happened, whatever its clock says.
 */
export const isAhead = (fact: NewFact, now: Date): boolean =>
  fact.at > now && fact.source !== 'wecom' && !withdraws(fact)
