import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Tiers } from '../tiers/tiers.ts'

type Deps = { tiers: Pick<Tiers, 'trials' | 'reviews' | 'count'>; audit: Audit }

/** A manager has a window counted, tries a draft over everybody, asks for a review, takes what it proposes or leaves it. */
export const reviewScheme = ({ tiers, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, subject: string, detail: Record<string, unknown>): Promise<void> =>
    audit.record({ actor, act: `scheme.${act}`, subject, detail })
  const decide = (act: 'adopt' | 'dismiss') => async (actor: SignedIn, id: string) => {
    const decided = await tiers.reviews[act](id, nameOf(actor))
    const { schemeId, month, proposed, moved } = decided
    await record(actor, act, `scheme:${schemeId ?? ''}`, { review: id, month: month?.name ?? '', proposed, moved })
    return decided
  }
  return {
    count: async (actor: SignedIn, windowDays: number) => {
      await tiers.count(windowDays)
      await record(actor, 'count', `window:${windowDays}`, {})
    },
    try: async (actor: SignedIn, id: string | null, input: SchemeInput) => {
      const trial = await tiers.trials.draft(id, input, nameOf(actor))
      await record(actor, 'try', `scheme:${id ?? ''}`, { trial: trial._id })
      return trial
    },
    review: async (actor: SignedIn, id: string) => {
      const trial = await tiers.reviews.now(id, nameOf(actor))
      await record(actor, 'review', `scheme:${id}`, { review: trial._id })
      return trial
    },
    adopt: decide('adopt'),
    dismiss: decide('dismiss'),
  }
}
