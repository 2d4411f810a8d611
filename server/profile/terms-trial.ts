import type { Mongo } from '../platform/mongo.ts'
import { customerCollection, type CustomerDoc } from './customers.model.ts'
import { putTagsOf } from './place/put-tags.ts'
import type { TagTerms } from './types.ts'

type Doc = Pick<CustomerDoc, '_id' | 'tagIds'> & { state: Pick<CustomerDoc['state'], 'tags'> }
/** What is to hold for some tags in place of what holds now. */
export type TermsTrial = { readonly tagIds: readonly string[]; readonly now: TagTerms; readonly next: TagTerms }
export type TermsOutcome = { readonly gets: number; readonly loses: number }

const holdsAnything = (tagIds: readonly string[], { exclusive, expiry }: TagTerms): boolean =>
  tagIds.some((id) => expiry[id] !== undefined || exclusive.some((group) => group.includes(id)))

/** How many customers would get one of some tags again, and how many would lose one at once, if something else held for them. */
export const createTermsTrial = ({ connection }: Pick<Mongo, 'connection'>) => {
  const customers = customerCollection(connection)
  return async ({ tagIds, now, next }: TermsTrial, at: Date): Promise<TermsOutcome> => {
    const ids = [...tagIds]
    // As long as nothing held for them nobody can have lost one by it, and an index knows who has one.
    const filter = holdsAnything(ids, now)
      ? { 'state.tags': { $elemMatch: { id: { $in: ids }, on: true } } }
      : { tagIds: { $in: ids } }
    const projection = { tagIds: 1, 'state.tags': 1 }
    let [gets, loses] = [0, 0]
    for await (const { state, tagIds: on } of customers.find<Doc>(filter, { projection, batchSize: 500 })) {
      const standing = (terms: TagTerms): Set<string> =>
        new Set(
          putTagsOf(state, terms)
            .at(at)
            .map(({ id }) => id),
        )
      const [before, after] = [standing(now), standing(next)]
      // One that a rule keeps on stays as it is.
      if (ids.some((id) => after.has(id) && !before.has(id) && !on.includes(id))) gets += 1
      if (ids.some((id) => before.has(id) && !after.has(id))) loses += 1
    }
    return { gets, loses }
  }
}
