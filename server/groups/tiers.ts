import { because, type Because } from '@zhiyin/shared/because'
import type { GroupTierRule, GroupTiering } from '@zhiyin/shared/group-tier'
import type { Tier } from '@zhiyin/shared/tier'
import type { Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { eachOf } from '../platform/parallel.ts'
import { groupChangeModel } from './changes.model.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel } from './members.model.ts'
import { tierOf, type TierCounts } from './tier-of.ts'

/** Members' own tiers move without a word to their groups: each group is looked at again after this long. */
const againMs = 2 * 3_600_000
/** Fresh enough to go by when something is about to be sent. */
const freshMs = 10 * 60_000
const perSweep = 20
const atOnce = 4
const OUTSIDE = 2

export type GroupTiersDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  tierRule: () => Promise<GroupTierRule>
  /** How many of these people are customers of each tier. */
  tierCounts: (externalUserIds: readonly string[]) => Promise<TierCounts>
}

type Tiered = Pick<GroupDoc, '_id' | 'chatId' | 'tier' | 'hand' | 'dismissed'>

/** Why a group has its tier; `names`: of the people who set one. */
export const tieringOf = (
  { tier, hand, tierBecause, tierSince, kind }: Pick<GroupDoc, 'tier' | 'hand' | 'tierBecause' | 'tierSince' | 'kind'>,
  names: ReadonlyMap<string, string>,
): GroupTiering => {
  const since = tierSince?.toISOString() ?? null
  if (hand !== null || kind === 'internal') {
    const by = hand?.by ?? null
    const reason =
      by === null || hand === null || hand.at === null
        ? because('group.tier_given', { tier })
        : because('group.tier_hand', { tier, by: names.get(by) ?? by, at: hand.at.getTime() })
    return { byHand: true, because: [reason], since }
  }
  return { byHand: false, because: tierBecause.length > 0 ? tierBecause : [because('group.tier_new', { tier })], since }
}

/** The tier of every group: by hand, which wins, or from its members, looked at when it is due and before something is sent. */
export const createGroupTiers = ({ mongo, clock, newId, tierRule, tierCounts }: GroupTiersDeps) => {
  const groups = groupModel(mongo.connection)
  const members = groupMemberModel(mongo.connection)
  const changes = groupChangeModel(mongo.connection)

  /** A line of the group's timeline, where it has one. */
  const note = async ({ chatId, tier: from }: Tiered, to: Tier): Promise<void> => {
    if (chatId === null || from === to) return
    await changes.create([{ _id: newId('groupChange'), chatId, at: clock.date(), kind: 'tier', from, to }])
  }

  const fromMembers = async (chatId: string, rule: GroupTierRule): Promise<{ tier: Tier; because: Because[] }> => {
    if (!rule.on) return { tier: rule.otherwise, because: [because('group.tier_off', { tier: rule.otherwise })] }
    const stays = await members.find({ chatId, leftAt: null, type: OUTSIDE }, { id: 1 }).lean()
    return tierOf(rule, await tierCounts([...new Set(stays.map(({ id }) => id))]))
  }

  /** Works out one group; whoever sets it by hand meanwhile wins. */
  const look = async (group: Tiered, rule: GroupTierRule): Promise<void> => {
    if (group.chatId === null || group.hand !== null || group.dismissed) {
      const none = { _id: group._id, $or: [{ chatId: null }, { hand: { $ne: null } }, { dismissed: true }] }
      await groups.updateOne(none, { $unset: { tierLookAt: 1 } })
      return
    }
    const now = clock.date()
    // First, so that somebody who joins while we count makes it due again.
    const mine = { _id: group._id, hand: null, tier: group.tier }
    await groups.updateOne(mine, { $set: { tierLookAt: new Date(now.getTime() + againMs) } })
    const { tier, because: tierBecause } = await fromMembers(group.chatId, rule)
    const moved = tier === group.tier ? {} : { tierSince: now }
    const written = await groups.updateOne(mine, { $set: { tier, tierBecause, ...moved } })
    if (written.matchedCount === 1) await note(group, tier)
  }

  const lookAt = async (due: readonly Tiered[]): Promise<void> => {
    const rule = await tierRule()
    await eachOf(due, atOnce, (group) => look(group, rule))
  }

  const fields = { chatId: 1, tier: 1, hand: 1, dismissed: 1 } as const

  return {
    /** Looks at those of these groups, or of all, whose last look is not fresh; for what is about to be sent or shown. */
    async refresh(ids?: readonly string[]): Promise<void> {
      const due = { tierLookAt: { $lte: new Date(clock.now() + againMs - freshMs) } }
      const which = ids === undefined ? due : { _id: { $in: [...ids] }, ...due }
      await lookAt(await groups.find(which, fields).lean<Tiered[]>())
    },

    /** By hand, or null: by its members again, at once. Throws not_found, `group.internal_tier`. */
    async set(id: string, tier: Tier | null, by: string): Promise<GroupDoc> {
      const was = await groups.findById(id).lean<GroupDoc | null>()
      if (was === null) throw notFound('group', id)
      if (tier === null && was.chatId === null) throw new AppError('group.internal_tier', { status: 409 })
      const now = clock.date()
      const change =
        tier === null
          ? { $set: { hand: null, tierLookAt: now } }
          : {
              $set: { tier, hand: { tier, by, at: now }, ...(tier === was.tier ? {} : { tierSince: now }) },
              $unset: { tierLookAt: 1 as const },
            }
      const doc = await groups.findByIdAndUpdate(id, change, { returnDocument: 'after' }).lean<GroupDoc | null>()
      if (doc === null) throw notFound('group', id)
      if (tier !== null) await note(was, tier)
      if (tier === null) await lookAt([doc])
      return (await groups.findById(id).lean<GroupDoc | null>()) ?? doc
    },

    /** Another rule holds: every group that goes by its members is due. */
    async ruleChanged(): Promise<void> {
      await groups.updateMany({ tierLookAt: { $exists: true } }, { $set: { tierLookAt: clock.date() } })
    },

    sweep: {
      stage: 'groups.tiers',
      async run(now) {
        const due = await groups
          .find({ tierLookAt: { $lte: now } }, fields)
          .sort({ tierLookAt: 1 })
          .limit(perSweep)
          .lean<Tiered[]>()
        if (due.length > 0) await lookAt(due)
        return due.length
      },
    } satisfies Sweep,
  }
}

export type GroupTiers = ReturnType<typeof createGroupTiers>
