import { markOfIndex } from '../profile/read.ts'
import type { Holding, Person } from '../privacy/types.ts'
import type { Received } from './received.ts'
import type { Rejects } from './rejects.ts'

/** Whose messages they are, by the id that stands in them, and patterns of all that names somebody within. */
export type Naming = { readonly ids: readonly string[]; readonly within: readonly string[] }

/** A pattern of MongoDB may be 32 kB long. */
const perPattern = 100

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
/** As it stands in JSON. */
const quoted = (text: string): string => JSON.stringify(text)

const namingOf = ({ keys, contacts, names, indexes, externalUserIds }: Person): Naming => {
  const values = keys.map((key) => key.slice(key.indexOf(':') + 1))
  const hidden = values.flatMap((value) => (value.startsWith(markOfIndex) ? [value.slice(markOfIndex.length)] : []))
  // A number of a shop may stand in other numbers: it is meant where it is all there is.
  const whole = [...values, ...contacts, ...externalUserIds].map(quoted)
  const parts = names.map((name) => quoted(name).slice(1, -1))
  const words = [...whole, ...parts, ...hidden, ...indexes].filter((word) => word !== '' && word !== '""')
  const patterns = Array.from({ length: Math.ceil(words.length / perPattern) }, (_, i) =>
    words.slice(i * perPattern, (i + 1) * perPattern),
  )
  return { ids: [...values, ...contacts], within: patterns.map((some) => some.map(literal).join('|')) }
}

/** Messages that were not taken, and the last that were, of a person: those that name them as theirs, and those in which they stand. */
export const createIngestPersonal = ({ rejects, received }: { rejects: Rejects; received: Received }): Holding => ({
  room: 'ingest',
  collect: async (person) => ({ rejectedMessages: await rejects.naming(namingOf(person)) }),
  async forget(person) {
    const naming = namingOf(person)
    await received.forget(naming)
    return { rejectedMessages: await rejects.forget(naming) }
  },
})
