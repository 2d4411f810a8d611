import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { IdentitiesRead, Merge, MergeAsk } from '../profile/identities/read.ts'
import { byOf, mustHold } from './on-customer.ts'

type Said = { readonly by: string; readonly note: string }
export type JudgeDeps = {
  identitiesRead: Pick<IdentitiesRead, 'review' | 'merge' | 'customers'>
  identities: {
    merge(ask: MergeAsk): Promise<{ mergeId: string; into: string; from: string }>
    part(mergeId: string, said: Said): Promise<unknown>
    different(pair: readonly [string, string], said: Said): Promise<void>
  }
  audit: Audit
}

/** A manager says of customers they may open who is one person and who is not. Each is one audit entry. */
export const judgeIdentities = ({ identitiesRead, identities, audit }: JudgeDeps) => {
  const mustJudge = async (actor: SignedIn, ids: readonly string[]): Promise<void> => {
    const people = await identitiesRead.customers(ids)
    if (people.length === 0) throw notFound('customer', ids.join(' '))
    for (const one of people) mustHold(actor, one)
  }
  const pairOf = async (reviewId: string): Promise<readonly [string, string]> => {
    const review = await identitiesRead.review(reviewId)
    if (review === null) throw notFound('review', reviewId)
    return review.customerIds
  }
  const found = async (mergeId: string): Promise<Merge> => {
    const merge = await identitiesRead.merge(mergeId)
    if (merge === null) throw notFound('merge', mergeId)
    return merge
  }

  const merge = async (actor: SignedIn, keep: string, other: string, note: string): Promise<Merge> => {
    await mustJudge(actor, [keep, other])
    const { mergeId, into, from } = await identities.merge({ keep, other, by: byOf(actor), note })
    await audit.record({ actor, act: 'customer.merge', subject: `customer:${into}`, detail: { from, merge: mergeId } })
    return found(mergeId)
  }

  return {
    merge,
    async same(actor: SignedIn, reviewId: string, keep: string, note: string): Promise<void> {
      const [a, b] = await pairOf(reviewId)
      if (keep !== a && keep !== b) throw new AppError('request.invalid', { params: { field: 'keep', problem: keep } })
      await merge(actor, keep, keep === a ? b : a, note)
    },
    async different(actor: SignedIn, reviewId: string, note: string): Promise<void> {
      const pair = await pairOf(reviewId)
      await mustJudge(actor, pair)
      await identities.different(pair, { by: byOf(actor), note })
      await audit.record({
        actor,
        act: 'customer.different',
        subject: `customer:${pair[0]}`,
        detail: { other: pair[1] },
      })
    },
    async split(actor: SignedIn, mergeId: string, note: string): Promise<Merge> {
      const { into, from } = await found(mergeId)
      await mustJudge(actor, [into, from])
      await identities.part(mergeId, { by: byOf(actor), note })
      await audit.record({
        actor,
        act: 'customer.split',
        subject: `customer:${into}`,
        detail: { from, merge: mergeId },
      })
      return found(mergeId)
    },
  }
}
