import { api } from '@zhiyin/shared/api'
import type { Book, Company, Known } from './book.ts'
import { minutesOf } from './deed.ts'
import type { Person } from './people.ts'
import type { Product } from './product.ts'
import type { Settle } from './settle.ts'
import type { Wecom } from './wecom.ts'

/** Everything a scene of the company's life needs. */
export type Scene = {
  readonly wecom: Wecom
  readonly product: Product
  readonly settle: Settle
  readonly book: Book
  readonly company: Company
  readonly people: readonly Person[]
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

/** What is known of somebody who has come; undefined before that. */
export const knownOf = ({ book }: Pick<Scene, 'book'>, person: Person): Known | undefined =>
  book.pages.people[person.account]

/** The product's id of a customer. */
export const customerIdOf = async (
  { book, product }: Pick<Scene, 'book' | 'product'>,
  person: Person,
): Promise<string> => {
  const known = knownOf({ book }, person)
  if (known === undefined) throw new Error(`${person.name} has not come yet`)
  known.id ??= (await product.call(api.customers.byExternal, { params: { id: known.external } })).id
  return known.id
}

export const joinedAt = (person: Person): number => minutesOf(person.joinDay, person.joinMinute)

/** Minutes since the history's first midnight as epoch ms. */
export const timeAt = ({ book }: Pick<Scene, 'book'>, minutes: number): number => book.pages.start + minutes * 60_000
