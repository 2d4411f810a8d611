import type { z } from 'zod'
import type { CustomerLevel } from '@zhiyin/shared/customer'
import type { CustomerDoc } from './customers.model.ts'
import { personOf } from './place/person.ts'
import { placeAt } from './place/place-at.ts'
import type { LevelPlace, Place } from './place/place.ts'
import type { Definitions } from './types.ts'

type Level = z.input<typeof CustomerLevel>

/** A level as it stands, with the reasons of this moment while the level is the same. */
export const reasonsNow = (kept: LevelPlace, place: Pick<Place, 'levels'>): LevelPlace['because'] => {
  const fresh = place.levels.find(({ scheme }) => scheme === kept.scheme)
  return fresh?.level === kept.level ? fresh.because : kept.because
}

/** The level in every scheme there is now, the primary one first. */
export const levelsIn = (doc: CustomerDoc, { schemes }: Definitions, place: Pick<Place, 'levels'>): Level[] =>
  schemes.flatMap((scheme, i) => {
    const kept = doc.levels.find((level) => level.scheme === scheme.id)
    if (kept === undefined) return []
    return {
      schemeId: scheme.id,
      scheme: scheme.name,
      primary: i === 0,
      level: scheme.levels.find(({ key }) => key === kept.level)?.name ?? kept.level,
      tier: kept.tier,
      since: kept.since.toISOString(),
      because: [...reasonsNow(kept, place)],
    }
  })

export const levelsOf = (doc: CustomerDoc, definitions: Definitions, now: Date): Level[] =>
  levelsIn(doc, definitions, placeAt(personOf(doc.state, doc.contact, definitions), definitions, now, doc))
