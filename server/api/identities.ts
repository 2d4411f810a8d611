import type { z } from 'zod'
import { identities as endpoints } from '@zhiyin/shared/api/identities'
import type { CustomerMerge, IdentityReview, ReviewPerson } from '@zhiyin/shared/identity'
import { judgeIdentities, type JudgeDeps } from '../commands/judge-identities.ts'
import { ownCustomer } from '../commands/on-customer.ts'
import { heldIn, scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Looking } from '../privacy/read.ts'
import { shownIn, type IdentitiesRead, type Merge, type Review } from '../profile/identities/read.ts'
import { rowOf, type Names, type ProfileRead, type WholeCustomer } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, pageSeen, type Sees } from './seen.ts'

type Deps = JudgeDeps & {
  identitiesRead: IdentitiesRead
  read: Pick<ProfileRead, 'view'>
  sees: Sees
  look: Pick<Looking, 'masked'>
  definitions: { get(): Promise<Definitions> }
  clock: Clock
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  tagNames: (ids: readonly string[]) => Promise<Names['tags']>
}

type Person = z.input<typeof ReviewPerson>
type Pair = { readonly review: Review; readonly people: readonly [WholeCustomer, WholeCustomer] }
/** So many are counted; more are as good as many. */
const mostCounted = 99

export const identitiesApi = (deps: Deps): Bound[] => {
  const { identitiesRead, read, sees, look, definitions, clock, names, tagNames } = deps
  const judge = judgeIdentities(deps)

  const keepOf = ([a, b]: readonly [WholeCustomer, WholeCustomer]): string => {
    const inWecom = [a, b].filter(({ externalUserId }) => externalUserId !== null)
    return inWecom.length === 2 ? 'two' : (inWecom[0]?._id ?? 'free')
  }

  /** Pairs of which both are there and the actor may open both. */
  const reviewsFor = (actor: SignedIn, { after, ...query }: Parameters<IdentitiesRead['reviews']>[0]) =>
    pageSeen(
      after,
      (place) => identitiesRead.reviews({ ...query, after: place }),
      async (found) => {
        const docs = await identitiesRead.customers(found.flatMap(({ customerIds }) => customerIds))
        const mine = new Map(docs.flatMap((doc) => (heldIn(scopeOf(actor), doc) ? [[doc._id, doc] as const] : [])))
        return found.flatMap((review): Pair[] => {
          const [a, b] = [mine.get(review.customerIds[0]), mine.get(review.customerIds[1])]
          return a === undefined || b === undefined ? [] : [{ review, people: [a, b] }]
        })
      },
    )
  const countOpen = async (actor: SignedIn): Promise<number> => {
    let open = 0
    for (let after: string | undefined; open < mostCounted;) {
      const { items, next } = await reviewsFor(actor, { state: 'open', limit: mostCounted, after })
      open += items.length
      if (next === null) break
      after = next
    }
    return Math.min(open, mostCounted)
  }

  const present = async (pairs: readonly Pair[]): Promise<IdentityReview[]> => {
    const docs = pairs.flatMap(({ people }) => people)
    const [keys, defined] = await Promise.all([identitiesRead.keysOf(docs.map(({ _id }) => _id)), definitions.get()])
    const [members, tags] = await Promise.all([
      names([
        ...docs.flatMap(({ follows }) => follows.map(({ userid }) => userid)),
        ...pairs.flatMap(({ review: { by } }) => by ?? []),
      ]),
      tagNames(docs.flatMap(({ tagIds }) => tagIds)),
    ])
    const shown = shownIn(docs)
    const personOf = (doc: WholeCustomer): Person => ({
      ...rowOf(doc, { members, tags }, defined, clock.date()),
      identities: (keys.get(doc._id) ?? []).map(({ _id }) => shown(_id)),
    })
    return pairs.map(({ review: { _id, identities, at, by, note, decidedAt }, people }) => {
      const said =
        by === null || decidedAt === null ? null : { by: members.get(by) ?? by, at: decidedAt.toISOString(), note }
      return look.masked({
        id: _id,
        at: at.toISOString(),
        shared: identities.map(shown),
        people: [personOf(people[0]), personOf(people[1])],
        keep: keepOf(people),
        decided: said,
      })
    })
  }

  const merged = async (merges: readonly Merge[]): Promise<CustomerMerge[]> => {
    const docs = await identitiesRead.customers(merges.flatMap(({ into, from }) => [into, from]))
    const members = await names(merges.flatMap(({ by, parted }) => [by ?? [], parted?.by ?? []].flat()))
    const nameOf = (userid: string): string => members.get(userid) ?? userid
    const shown = shownIn(docs)
    return merges.map((merge) =>
      look.masked({
        id: merge._id,
        into: { id: merge.into, name: merge.names.into },
        from: { id: merge.from, name: merge.names.from },
        at: merge.at.toISOString(),
        by: merge.by === null ? null : nameOf(merge.by),
        because: merge.because.map((reason) =>
          reason.code === 'merge.by_person' ? { ...reason, params: { by: nameOf(merge.by ?? '') } } : reason,
        ),
        identities: merge.identities.map(shown),
        note: merge.note,
        state: merge.state,
        parted:
          merge.parted === null
            ? null
            : { at: merge.parted.at.toISOString(), by: nameOf(merge.parted.by), note: merge.parted.note },
      }),
    )
  }
  const one = async (merge: Merge): Promise<CustomerMerge> => {
    const [shown] = await merged([merge])
    if (shown === undefined) throw new Error('A merge was lost while it was presented')
    return shown
  }

  return [
    bind(endpoints.reviews, async ({ actor, query }) => {
      const { items, next } = await reviewsFor(actor, query)
      return { items: await present(items), next }
    }),
    bind(endpoints.count, async ({ actor }) => ({ open: await countOpen(actor) })),
    bind(endpoints.decide, async ({ actor, params, body }) => {
      if (body.decision === 'same') await judge.same(actor, params.id, body.keep, body.note)
      else await judge.different(actor, params.id, body.note)
      return { ok: true as const }
    }),
    bind(endpoints.merges, async ({ actor, query: { after: from, limit } }) => {
      const { items, next } = await pageSeen(
        from,
        (after) => identitiesRead.merges({ limit, after }),
        onlySeen(sees, actor, ({ into, from: other }) => [into, other]),
      )
      return { items: await merged(items), next }
    }),
    bind(endpoints.split, async ({ actor, params, body }) => one(await judge.split(actor, params.id, body.note))),
    bind(endpoints.merge, async ({ actor, params, body }) =>
      one(await judge.merge(actor, params.id, body.other, body.note)),
    ),
    bind(endpoints.ofCustomer, async ({ actor, params }) => {
      const { id } = await ownCustomer(read, actor, params.id)
      const [docs, keys, merges] = await Promise.all([
        identitiesRead.customers([id]),
        identitiesRead.keysOf([id]),
        identitiesRead.mergesOf(id),
      ])
      const shown = shownIn(docs)
      const called = new Map(merges.map(({ from, names: { from: name } }) => [from, name]))
      const identities = (keys.get(id) ?? []).map(({ _id, at, of }) => ({
        ...shown(_id),
        since: at.toISOString(),
        through: of === undefined ? null : (called.get(of) ?? of),
      }))
      return { identities: look.masked(identities), merges: await merged(merges) }
    }),
  ]
}
