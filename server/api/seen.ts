import { scopeOf, type Scope, type SignedIn } from '../platform/actor.ts'

/** Of some customers, those somebody may open (`commands/on-customer.ts`). */
export type Sees = (actor: SignedIn, customerIds: readonly string[]) => Promise<ReadonlySet<string>>

type Read = { seen(ids: readonly string[], scope: Scope): Promise<ReadonlySet<string>> }
export const createSees =
  (read: Read): Sees =>
  (actor, customerIds) =>
    read.seen(customerIds, scopeOf(actor))

/** What is about customers, without what is about one whom the actor may not open. */
export const onlySeen =
  <T>(sees: Sees, actor: SignedIn, about: (one: T) => readonly string[]) =>
  async (all: readonly T[]): Promise<T[]> => {
    const seen = await sees(actor, all.flatMap(about))
    return all.filter((one) => about(one).every((id) => seen.has(id)))
  }

type PageOf<T> = { readonly items: readonly T[]; readonly next: string | null }

/**
 * The next page of a list on which there is anything somebody may see; shorter than it was asked for where not everything may be seen.
 * `load` reads the page after a place, `see` leaves out what is not for them.
 */
export const pageSeen = async <T, U>(
  from: string | undefined,
  load: (after: string | undefined) => Promise<PageOf<T>>,
  see: (items: readonly T[]) => Promise<U[]>,
): Promise<{ items: U[]; next: string | null }> => {
  for (let after = from; ;) {
    const page = await load(after)
    const items = await see(page.items)
    if (items.length > 0 || page.next === null) return { items, next: page.next }
    after = page.next
  }
}
