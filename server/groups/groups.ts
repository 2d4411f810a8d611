import type { ListedGroup } from '../wecom/types.ts'
import { groupModel } from './groups.model.ts'
import { groupHandlers, type NoticedGap } from './handlers.ts'
import { itemOf, type GroupItem } from './item.ts'
import { createInternal, type InternalDeps } from './internal.ts'
import { createLabels } from './labels.ts'
import { createSeal } from './seal.ts'
import { createActivity } from './activity.ts'
import { createJoinWays, type JoinWaysDeps } from './join-ways.ts'
import { createLook } from './look.ts'
import { createPeople } from './people.ts'
import { createSearch } from './search.ts'
import { createGroupStats, type GroupStatsDeps } from './stats.ts'
import { createSync, type SyncDeps } from './sync.ts'
import { createTally } from './tally.ts'
import { createGroupTiers, type GroupTiersDeps } from './tiers.ts'
import { upgradeGroups } from './upgrade.ts'
import { createGroupWelcomes, type WelcomesDeps } from './welcomes.ts'

export type GroupsDeps = Omit<SyncDeps, 'onOwner'> &
  GroupStatsDeps &
  JoinWaysDeps &
  WelcomesDeps &
  GroupTiersDeps &
  InternalDeps & {
    names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
    sessionSecret: string
    ensureCustomer: (externalUserId: string) => Promise<unknown>
    noticed?: NoticedGap
  }

/** Read at once when a person asks for all; the others are queued. */
const atOnce = 200
const perJob = 50

/** Customer groups as WeCom shows them, internal groups by their robots, the tier of each, and labels. */
export const createGroups = (deps: GroupsDeps) => {
  const { mongo, enqueue } = deps
  const groups = groupModel(mongo.connection)
  const seal = createSeal(deps.sessionSecret)
  const stats = createGroupStats(deps)
  const sync = createSync({ ...deps, onOwner: stats.onOwner })
  const tiers = createGroupTiers(deps)
  const joinWays = createJoinWays(deps)
  const joinWayNames = async (ids: readonly string[]) =>
    new Map((ids.length === 0 ? [] : await joinWays.list()).map(({ _id, name }) => [_id, name]))

  const list = async (): Promise<GroupItem[]> =>
    (await groups.find({ dismissed: false }).sort({ kind: 1, name: 1 }).limit(2000).lean()).map(itemOf)

  return {
    list,
    /** Every customer group, in the order of ids. */
    async ofCustomers(): Promise<GroupItem[]> {
      return (await groups.find({ kind: 'customer', dismissed: false }).sort({ _id: 1 }).lean()).map(itemOf)
    },
    /** Reads the customer groups again: every one WeCom lists, and those it does not list any more. Many are read by jobs. */
    async syncAll(): Promise<{ items: GroupItem[]; queued: number }> {
      const rows: ListedGroup[] = []
      for await (const page of sync.listed()) rows.push(...page)
      const kept = await groups.find({ kind: 'customer', dismissed: false }, { key: 1 }).lean()
      const all = [...new Set([...rows.map(({ chatId }) => chatId), ...kept.map(({ key }) => key)])]
      await Promise.all(all.slice(0, atOnce).map(sync.refresh))
      const rest = all.slice(atOnce)
      for (let from = 0; from < rest.length; from += perJob)
        await enqueue('groups.sync', { chatIds: rest.slice(from, from + perJob) })
      // Those that were not known while the list was read.
      await sync.noteStatus(rows)
      return { items: await list(), queued: rest.length }
    },
    /** Reads one group again; answers the version of its member list, null when it is no customer group any more. */
    refresh: sync.refresh,
    /** Every customer group WeCom lists, page by page; their status is noted on the way. */
    listed: sync.listed,
    /** They are a customer now: their groups belong to them. */
    tellPerson: sync.tellPerson,
    search: createSearch(deps),
    look: createLook({ ...deps, people: createPeople(deps), joinWayNames }),
    activity: createActivity(deps),
    joinWays,
    tally: createTally(deps),
    welcomes: createGroupWelcomes(deps),
    upgrade: () => upgradeGroups(mongo),
    internal: createInternal({ ...deps, seal }),
    labels: createLabels(mongo),
    tiers,
    /** For the outbox alone. */
    async webhookOf(id: string): Promise<string | null> {
      const doc = await groups.findOne({ _id: id, dismissed: false }, { webhook: 1 }).lean()
      return doc?.webhook ? seal.open(doc.webhook) : null
    },
    async robotGroupIds(ids: readonly string[]): Promise<string[]> {
      const found = await groups
        .find({ _id: { $in: [...ids] }, webhook: { $ne: null }, dismissed: false }, { _id: 1 })
        .lean()
      return found.map(({ _id }) => _id)
    },
    async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
      const found = await groups.find({ _id: { $in: [...ids] } }, { name: 1 }).lean()
      return new Map(found.map(({ _id, name }) => [_id, name]))
    },
    handlers: groupHandlers({ ...deps, sync }),
    jobs: {
      'groups.sync': async ({ chatIds }: { chatIds: string[] }) => void (await Promise.all(chatIds.map(sync.refresh))),
      'groups.stats': ({ owners }: { owners: string[] }) => stats.fetch(owners),
    },
    sweep: stats.sweep,
  }
}

export type Groups = ReturnType<typeof createGroups>
