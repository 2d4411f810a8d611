import { because } from '@zhiyin/shared/because'
import { defaultVariant, type ContentBody, type Who } from '@zhiyin/shared/content'
import { groupVarsOf, groupWhoOf, type Rendered, type Vars } from '../content/read.ts'
import type { WantInput } from '../outbox/read.ts'
import type { GroupDoc } from './groups.model.ts'

/** How long a push is worth sending: the owner has to confirm it by then. */
export const giveUpMs = 3 * 86_400_000
/** What one owner is asked to confirm at most in so many minutes, so that nobody has a screen full of mass messages at once. */
export const ownerPace = { most: 5, minutes: 15 } as const
const minuteMs = 60_000

export type IntentsDeps = {
  /** Null: there is no such content, or it may not be sent now. */
  render: (contentId: string, who: Who, vars: Vars) => Promise<Rendered | null>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

type Ask = { readonly contentId: string; readonly onlyVariants: boolean; readonly at: Date }

/** What a group would get, and why it cannot; `own`: its tier has a variant. */
export type Addressed = {
  readonly group: GroupDoc
  readonly body: ContentBody | null
  readonly own: boolean
  readonly refused: boolean
  readonly dueAt: Date
}

/** The same words by the same owner go out as one mass message, whatever the number of groups. */
const messageOf = ({ owner }: GroupDoc, body: ContentBody | null): string => JSON.stringify([owner, body])

/** What each group gets of a content: the variant of its tier, in its own name, and when: each owner a few messages at a time. */
export const addressed = async (
  { render, names }: IntentsDeps,
  { contentId, onlyVariants, at }: Ask,
  groups: readonly GroupDoc[],
): Promise<Addressed[]> => {
  const owners = await names([...new Set(groups.flatMap(({ owner }) => owner ?? []))])
  const turns = new Map<string, Map<string, number>>()
  const paced = (group: GroupDoc, body: ContentBody | null): Date => {
    if (group.kind === 'internal' || group.owner === null) return at
    const mine = turns.get(group.owner) ?? new Map<string, number>()
    turns.set(group.owner, mine)
    const message = messageOf(group, body)
    const turn = mine.get(message) ?? mine.size
    mine.set(message, turn)
    return new Date(at.getTime() + Math.floor(turn / ownerPace.most) * ownerPace.minutes * minuteMs)
  }
  const found: Addressed[] = []
  for (const group of groups) {
    const rendered = await render(contentId, groupWhoOf(group), groupVarsOf(group, owners.get(group.owner ?? '') ?? ''))
    const own = rendered !== null && rendered.variant !== defaultVariant
    const refused = onlyVariants && !own
    const body = rendered?.body ?? null
    found.push({ group, body, own, refused, dueAt: refused ? at : paced(group, body) })
  }
  return found
}

/** The wish for one group. `pushId` names it: asked twice it is one. */
export const wishOf = (
  pushId: string,
  { contentId, at }: Pick<Ask, 'contentId' | 'at'>,
  { group, body, refused, dueAt }: Addressed,
): WantInput => ({
  key: `push:${pushId}:${group._id}`,
  channel: group.kind === 'customer' ? 'group_mass' : 'robot',
  groupId: group._id,
  chatId: group.chatId,
  userid: group.owner,
  contentId,
  body,
  cause: { pushId },
  dueAt,
  expiresAt: new Date(at.getTime() + giveUpMs),
  ...(refused ? { refusal: because('block.no_variant', { tier: group.tier }) } : {}),
})
