import { because } from '@zhiyin/shared/because'
import { defaultVariant, type ContentBody, type Who } from '@zhiyin/shared/content'
import { groupVarsOf, groupWhoOf, type Rendered, type Vars } from '../content/read.ts'
import type { WantInput } from '../outbox/read.ts'
import type { GroupDoc } from './groups.model.ts'
import type { PushDoc } from './pushes.model.ts'

/** How long a push is worth sending: the owner has to confirm it by then. */
export const giveUpMs = 3 * 86_400_000

export type IntentsDeps = {
  /** Null: there is no such content, or it may not be sent now. */
  render: (contentId: string, who: Who, vars: Vars) => Promise<Rendered | null>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

type Ask = { readonly contentId: string; readonly onlyVariants: boolean }

/** What a group would get, and why it cannot; `variant` null: nothing of the content may be sent. `own`: its tier has a variant. */
export type Addressed = {
  readonly group: GroupDoc
  readonly body: ContentBody | null
  readonly variant: string | null
  readonly own: boolean
  readonly refused: boolean
}

/** What each group gets of a content: the variant of its tier, in its own name. */
export const addressed = async (
  { render, names }: IntentsDeps,
  { contentId, onlyVariants }: Ask,
  groups: readonly GroupDoc[],
): Promise<Addressed[]> => {
  const owners = await names([...new Set(groups.flatMap(({ owner }) => owner ?? []))])
  const found: Addressed[] = []
  for (const group of groups) {
    const rendered = await render(contentId, groupWhoOf(group), groupVarsOf(group, owners.get(group.owner ?? '') ?? ''))
    const own = rendered !== null && rendered.variant !== defaultVariant
    const refused = onlyVariants && !own
    found.push({ group, body: rendered?.body ?? null, variant: rendered?.variant ?? null, own, refused })
  }
  return found
}

/** The wish for one group. `pushId` names it: asked twice it is one. */
export const wishOf = (
  pushId: string,
  { contentId, at, plan }: Pick<PushDoc, 'contentId' | 'at' | 'plan'>,
  { group, body, variant, refused }: Addressed,
): WantInput => ({
  key: `push:${pushId}:${group._id}`,
  channel: group.kind === 'customer' ? 'group_mass' : 'robot',
  groupId: group._id,
  chatId: group.chatId,
  userid: group.owner,
  contentId,
  ...(variant === null ? {} : { variant }),
  body,
  cause: { pushId },
  ...(plan?.days === undefined ? {} : { days: plan.days }),
  expiresAt: new Date(at.getTime() + giveUpMs),
  ...(refused ? { refusal: because('block.no_variant', { tier: group.tier }) } : {}),
})
