import { setTimeout as sleep } from 'node:timers/promises'
import { api } from '@zhiyin/shared/api'
import type { Population } from '../population/population.ts'
import type { Person } from '../population/person.ts'
import type { Book, Company } from './book.ts'
import type { Cast, Known } from './cast.ts'
import type { Product } from './product.ts'
import type { Settle } from './settle.ts'
import type { Wecom } from './wecom.ts'

/** Everything a scene of the company's life needs. */
export type Scene = {
  readonly wecom: Wecom
  readonly product: Product
  readonly settle: Settle
  readonly book: Book
  readonly cast: Cast
  readonly company: Company
  readonly population: Population
  /** Days of the history. */
  readonly days: number
  /** Does it; a failure is one line on stderr, and life goes on. */
  attempt(what: string, act: () => Promise<void>): Promise<boolean>
}

export const attempt: Scene['attempt'] = async (what, act) => {
  try {
    await act()
    return true
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    process.stderr.write(`demo: ${what}: ${reason.replaceAll('\n', ' ').slice(0, 300)}\n`)
    return false
  }
}

const tries = 4

/** Does what must not fail, and again after a pause when it does; throws the last error. `act` must be harmless when done twice. */
export const persist = async (act: () => Promise<void>): Promise<void> => {
  for (let tried = 1; ; tried += 1)
    try {
      return await act()
    } catch (error) {
      if (tried === tries) throw error
      await sleep(1500 * tried)
    }
}

/** Runs `act` for all, at most `limit` at a time; ends when all have ended. */
export const inParallel = async <T>(
  list: readonly T[],
  limit: number,
  act: (one: T) => Promise<void>,
): Promise<void> => {
  const queue = [...list].reverse()
  const lane = async (): Promise<void> => {
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) await act(one)
  }
  await Promise.all(Array.from({ length: Math.min(limit, list.length) }, lane))
}

/** What is known of somebody who has come; throws before that. */
export const knownOf = ({ cast }: Pick<Scene, 'cast'>, person: Person): Known => {
  const known = cast.get(person.index)
  if (known === undefined) throw new Error(`${person.name} has not come yet`)
  return known
}

/** The product's id of a customer. */
export const customerIdOf = async (scene: Pick<Scene, 'cast' | 'product'>, person: Person): Promise<string> =>
  (await scene.product.call(api.customers.byExternal, { params: { id: knownOf(scene, person).external } })).id

/** Minutes since the first midnight as epoch ms, and back. */
export const timeAt = ({ book }: Pick<Scene, 'book'>, minutes: number): number =>
  Math.round(book.pages.start + minutes * 60_000)
export const minutesAt = ({ book }: Pick<Scene, 'book'>, time: number): number => (time - book.pages.start) / 60_000
