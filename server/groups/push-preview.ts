import type { PushPreview, PushPreviewGroup } from '@zhiyin/shared/api/push-plans'
import { because, type Because } from '@zhiyin/shared/because'
import { wordsOf } from '@zhiyin/shared/content'
import type { PushItemInput, PushPlanInput } from '@zhiyin/shared/push-plan'
import { ownerPace, type Asking, type Verdict } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Audience } from './push-audience.ts'
import { addressed, type Addressed, type IntentsDeps } from './push-intents.ts'
import { daysOf } from './push-aim.ts'
import type { PushPlans } from './push-plans.ts'
import { createPushQueue, type PushQueue } from './push-queue.ts'
import { firstTurns, type Timed, type Turn } from './push-turns.ts'
import { tieringOf } from './tiers.ts'

const shown = 500
const times = 5
const previewLength = 120
const waitMs = 3 * 86_400_000

export type PreviewDeps = IntentsDeps & {
  clock: Clock
  audience: Audience
  plans: Pick<PushPlans, 'load' | 'timesNow'>
  contentName: (id: string) => Promise<string>
  /** Why a content may not be sent at a moment; null: it may. */
  contentRefusal: (id: string, at: Date) => Promise<Because | null>
  /** What the outbox would say at a moment, in the order asked. */
  verdicts: (asked: readonly Asking[], at: Date) => Promise<Verdict[]>
  robotLooks: (groupIds: readonly string[]) => Promise<ReadonlyMap<string, { disabled: Because | null }>>
  /** Brings the tiers of these groups, or of all, up to date before they decide which variant goes. */
  freshTiers: (ids?: readonly string[]) => Promise<void>
}

type Line = { readonly input: PushItemInput; readonly turns: readonly Turn[]; readonly at: Date }

const askingOf = ({ group }: Addressed, at: Date, input: PushItemInput): Asking => ({
  _id: group._id,
  channel: group.kind === 'customer' ? 'group_mass' : 'robot',
  customerId: null,
  externalUserId: null,
  groupId: group._id,
  chatId: group.chatId,
  userid: group.owner,
  code: null,
  refusal: null,
  quietHours: null,
  expiresAt: new Date(at.getTime() + waitMs),
  ...daysOf(input),
})

/** Which group would get which variant of each line the next time it goes, and which cannot, and why. Nothing is written. */
export const createPushPreview = (deps: PreviewDeps) => {
  const { clock, audience, plans, contentName, contentRefusal, verdicts, robotLooks, freshTiers, names } = deps

  /** What keeps one back, and whether it only comes later. */
  const problemOf = (
    one: Addressed,
    refusal: Because | null,
    verdict: Verdict | undefined,
    disabled: Because | null,
    at: Date,
    turn: (owner: string) => number,
  ): { problem: Because | null; later: boolean } => {
    const stop = (problem: Because) => ({ problem, later: false })
    if (refusal !== null) return stop(refusal)
    if (one.refused) return stop(because('block.no_variant', { tier: one.group.tier }))
    if (one.group.kind === 'internal') {
      if (one.group.webhook === null) return stop(because('robot.unregistered'))
      return disabled === null ? { problem: null, later: false } : stop(disabled)
    }
    if (verdict?.kind === 'block') return stop(verdict.because)
    if (verdict?.kind === 'wait') return { problem: verdict.because, later: true }
    const { owner } = one.group
    const goes = owner === null ? 0 : turn(owner)
    return goes <= at.getTime()
      ? { problem: null, later: false }
      : { problem: because('push.paced', { ...ownerPace, at: goes }), later: true }
  }

  const itemOf = async ({ input, turns, at }: Line, queue: PushQueue): Promise<PushPreview['items'][number]> => {
    const groups = await audience.find(input.audience)
    const ask = { contentId: input.contentId, onlyVariants: input.onlyVariants }
    const all = await addressed(deps, ask, groups)
    const asked = all.map((one) => askingOf(one, at, input))
    const [content, refusal, said, robots, called] = await Promise.all([
      contentName(input.contentId),
      contentRefusal(input.contentId, at),
      verdicts(asked, at),
      robotLooks(groups.flatMap(({ kind, _id }) => (kind === 'internal' ? _id : []))),
      names(groups.flatMap(({ hand }) => hand?.by ?? [])),
    ])
    const rows = all.map((one, index): PushPreviewGroup => {
      const { group, own, body } = one
      const { name, kind, tier } = group
      return {
        groupId: group._id,
        group: name,
        kind,
        tier,
        because: tieringOf(group, called).because,
        own,
        text: (body === null ? '' : wordsOf(body)).slice(0, previewLength),
        ...problemOf(one, refusal, said[index], robots.get(group._id)?.disabled ?? null, at, (owner) =>
          queue(owner, JSON.stringify([input, body]), at.getTime()),
        ),
      }
    })
    const rank = ({ problem, later }: PushPreviewGroup): number => (problem === null ? 2 : later ? 1 : 0)
    return {
      content,
      times: turns.map(({ goAt }) => goAt.toISOString()),
      total: rows.length,
      groups: rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, shown),
      stuck: rows.filter(({ problem, later }) => problem !== null && !later).length,
    }
  }

  return async ({ items }: Pick<PushPlanInput, 'items'>, planId: string | undefined): Promise<PushPreview> => {
    await freshTiers()
    const saved = planId === undefined ? [] : (await plans.load(planId)).items
    const now = await plans.timesNow()
    const lines = items.map((input, index): Line => {
      const { schedule, until } = input
      const handled = saved.find(({ id }) => id === input.id)?.handled ?? null
      const timed: Timed = { id: input.id ?? `new${index}`, schedule, until, since: clock.date(), handled }
      const turns = firstTurns(timed, times, now)
      return { input, turns, at: turns[0]?.goAt ?? clock.date() }
    })
    // Lines that go at the same time share the turns of their owners.
    const queue = createPushQueue()
    const found = new Map<Line, PushPreview['items'][number]>()
    for (const line of lines.toSorted((a, b) => a.at.getTime() - b.at.getTime()))
      found.set(line, await itemOf(line, queue))
    return { items: lines.flatMap((line) => found.get(line) ?? []) }
  }
}
