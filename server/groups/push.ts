import type { Because } from '@zhiyin/shared/because'
import { AppError, notFound } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Outbox, SendsRead } from '../outbox/read.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { addressed, giveUpMs, wishOf, type IntentsDeps } from './push-intents.ts'
import { pushModel, type PushDoc } from './pushes.model.ts'

const perWish = 500
/** How late a plan may make up for a turn (shared/push-plan.ts). */
const latestMs = 72 * 3_600_000

export type PushDeps = IntentsDeps & {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** The content's name; throws not_found. */
  contentName: (id: string) => Promise<string>
  wantMany: Outbox['wantMany']
  withdraw: Outbox['withdraw']
  openOfPushes: SendsRead['openOfPushes']
}

/** The turn of a plan's item that a push is, or that was skipped. */
export type PlannedTurn = {
  readonly key: string
  readonly contentId: string
  readonly dueAt: Date
  readonly plan: NonNullable<PushDoc['plan']>
}

/** One content to many groups, each in its tier's variant: by the owner's mass message, or by the robot. */
export const createPush = (deps: PushDeps) => {
  const { mongo, clock, newId, contentName, wantMany, withdraw, openOfPushes } = deps
  const groups = groupModel(mongo.connection)
  const pushes = pushModel(mongo.connection)

  const keep = async (fresh: Omit<PushDoc, '_id'>): Promise<PushDoc> => {
    const { key, ...rest } = fresh
    const doc = { _id: newId('push'), ...rest }
    const stored = await pushes
      .findOneAndUpdate({ key }, { $setOnInsert: doc }, { upsert: true, returnDocument: 'after' })
      .lean<PushDoc | null>()
    return stored ?? { ...doc, key }
  }
  const named = (found: readonly GroupDoc[]): PushDoc['groups'] =>
    found.map(({ _id, name, tier, kind }) => ({ id: _id, name, tier, kind }))

  /** Wishes for every group of a kept push; again for the same push they are the same. */
  const wish = async (push: PushDoc): Promise<void> => {
    if (push.skipped !== null) return
    const found = await groups
      .find({ _id: { $in: push.groups.map(({ id }) => id) } })
      .sort({ _id: 1 })
      .lean<GroupDoc[]>()
    const ask = { contentId: push.contentId, onlyVariants: push.plan?.onlyVariants ?? false }
    // The tier it had when the push was made: a repeated call after a crash says the same.
    const tiers = new Map(push.groups.map(({ id, tier }) => [id, tier]))
    const then = found.map((group) => ({ ...group, tier: tiers.get(group._id) ?? group.tier }))
    const wishes = (await addressed(deps, ask, then)).map((one) => wishOf(push._id, push, one))
    for (let from = 0; from < wishes.length; from += perWish) await wantMany(wishes.slice(from, from + perWish))
  }

  /** The pushes of a plan that may still have something waiting. */
  const openOf = async (planId: string): Promise<string[]> => {
    const open = { 'plan.id': planId, dueAt: { $gte: new Date(clock.now() - latestMs - giveUpMs) }, skipped: null }
    return (await pushes.find(open, { _id: 1 }).lean<Pick<PushDoc, '_id'>[]>()).map(({ _id }) => _id)
  }

  return {
    /** Idempotent by key: a repeated call answers the same push. Throws not_found for an unknown content or group. */
    async push(ask: { key: string; contentId: string; groupIds: readonly string[] }): Promise<PushDoc> {
      const had = await pushes.findOne({ key: ask.key }).lean<PushDoc | null>()
      const ids = [...new Set(ask.groupIds)]
      const found = had === null ? await groups.find({ _id: { $in: ids }, dismissed: false }).lean<GroupDoc[]>() : []
      const missing = had === null ? ids.find((id) => !found.some(({ _id }) => _id === id)) : undefined
      if (missing !== undefined) throw notFound('group', missing)
      const at = clock.date()
      const { key, contentId } = ask
      const kept =
        had ??
        (await keep({
          key,
          contentId,
          content: await contentName(contentId),
          at,
          dueAt: at,
          plan: null,
          skipped: null,
          groups: named(found),
        }))
      await wish(kept)
      return kept
    },

    /**
     * A turn of a plan, once: whoever comes second finds what the first has kept. Without groups it is kept as skipped. Answers false
     * when the content is gone.
     */
    async turn(
      { key, contentId, dueAt, plan }: PlannedTurn,
      found: readonly GroupDoc[],
      none: Because,
    ): Promise<boolean> {
      const content = await contentName(contentId).catch((error: unknown) => {
        if (error instanceof AppError && error.code === 'not_found') return null
        throw error
      })
      if (content === null) return false
      const skipped = found.length === 0 ? none : null
      await wish(await keep({ key, contentId, content, at: clock.date(), dueAt, plan, skipped, groups: named(found) }))
      return true
    },

    /** Says that a turn went to nobody. One that has gone, or is said already, stays as it is. */
    async skip({ key, contentId, dueAt, plan }: PlannedTurn, content: string, why: Because): Promise<void> {
      await keep({ key, contentId, content, at: clock.date(), dueAt, plan, skipped: why, groups: [] })
    },

    /** Takes back what of a plan still waits: for its time or turn, for the robot, or for an owner to confirm it. What has gone stays gone. */
    async takeBack(planId: string, reason: Because): Promise<void> {
      const pushIds = await openOf(planId)
      if (pushIds.length > 0) await withdraw({ pushIds }, reason)
    },

    /** How many messages of a plan `takeBack` would take back. */
    async waiting(planId: string): Promise<number> {
      const pushIds = await openOf(planId)
      return pushIds.length === 0 ? 0 : openOfPushes(pushIds)
    },
  }
}

export type Push = ReturnType<typeof createPush>
