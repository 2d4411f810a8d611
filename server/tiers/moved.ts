import type { Fact } from '@zhiyin/shared/fact'
import type { LevelMoved } from './types.ts'

export const movingTypes = ['tier.changed', 'level.changed'] as const

/** The scheme there was before there were several. */
const first = 'rfm'

/** A move between levels as a fact tells of it; null for any other fact, and for those told before levels had keys. */
export const levelMoved = (fact: Fact): LevelMoved | null => {
  const { customerId, at } = fact
  if (fact.type === 'level.changed') {
    const { schemeId, keys } = fact.payload
    return keys === undefined ? null : { customerId, at, schemeId, ...keys }
  }
  if (fact.type !== 'tier.changed') return null
  const { level, from, to } = fact.payload
  return level === undefined
    ? { customerId, at, schemeId: first, from: from?.toLowerCase() ?? null, to: to.toLowerCase() }
    : { customerId, at, schemeId: level.schemeId, from: level.from?.key ?? null, to: level.to.key }
}
