import type { Clock } from '../platform/clock.ts'
import type { Definitions } from './types.ts'
import { versionOf } from './version.ts'

/** How old an answer may be; every process sees a change within this. */
const cacheMs = 2_000

type Deps = { clock: Clock; parts: () => Promise<Omit<Definitions, 'version'>> }

/** Everything that decides where customers stand, put together from the rooms that keep it; the same object while nothing changes. */
export const createDefinitions = ({ clock, parts }: Deps) => {
  let known: Definitions | null = null
  let cached: { readonly at: number; readonly definitions: Promise<Definitions> } | null = null

  const load = async (): Promise<Definitions> => {
    const found = await parts()
    const version = versionOf(found)
    if (known === null || known.version !== version) known = { ...found, version }
    return known
  }

  const fresh = (): Promise<Definitions> => {
    const definitions = load()
    cached = { at: clock.now(), definitions }
    definitions.catch(() => {
      cached = null
    })
    return definitions
  }

  return {
    /** At most 2 s old. */
    get: (): Promise<Definitions> =>
      cached !== null && Math.abs(clock.now() - cached.at) < cacheMs ? cached.definitions : fresh(),
    /** As they stand now. */
    fresh,
  }
}
