import { createMeasure } from '../measure/room.ts'
import { matchesEvent } from '../rules/event-match.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Later } from './rooms.ts'

/** The log of who was exposed to what, and what came of it. */
export const joinMeasure = ({ clock, newId, mongo, profileRead, factsRead }: Base & Reads, later: Later) => {
  const measure = createMeasure({
    mongo,
    clock,
    newId,
    version: (ruleId, version) => later().rules.store.version(ruleId, version),
    rulesOn: () => later().rules.store.on(),
    boughtOf: profileRead.bought,
    matches: matchesEvent,
    factsOf: (customerId, type, since) => factsRead.list(customerId, { types: [type], since }),
  })
  return { measure }
}

export type Measuring = ReturnType<typeof joinMeasure>
