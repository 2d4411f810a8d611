import type { GroupRow } from '@zhiyin/shared/api/groups'
import type { Tier } from '@zhiyin/shared/tier'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { itemOf } from './item.ts'
import { tieringOf } from './tiers.ts'

/** Nobody has joined or left for so long: the group is idle. */
export const idleMs = 30 * 86_400_000

export type GroupQuery = {
  limit: number
  after?: string | undefined
  q?: string | undefined
  owner?: string | undefined
  status?: number | undefined
  tier?: Tier | undefined
  kind?: GroupDoc['kind'] | undefined
  tag?: string | undefined
  idle?: boolean
  /** Only groups of these owners; null: everybody's. `internal`: and the internal groups, which nobody owns. */
  scope: { owners: readonly string[] | null; internal: boolean }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Where the page before ended: how large its last group was, and its id. */
const afterOf = (after: string) => {
  const [size = '', id = ''] = after.split('~')
  if (!/^\d+$/.test(size) || id === '')
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  const members = Number(size)
  return { $or: [{ members: { $lt: members } }, { members, _id: { $gt: id } }] }
}

export const idleSince = (now: number) => {
  const since = new Date(now - idleMs)
  return {
    kind: 'customer' as const,
    createdAt: { $lt: since },
    $or: [{ movedAt: null }, { movedAt: { $lt: since } }],
  }
}

/** The people a row names. */
export const peopleOf = ({ owner, hand }: Pick<GroupDoc, 'owner' | 'hand'>): string[] =>
  [owner, hand?.by ?? null].filter((userid) => userid !== null)

export const rowOf = (doc: GroupDoc, names: ReadonlyMap<string, string>, now: number): GroupRow => {
  const last = Math.max(doc.createdAt?.getTime() ?? now, doc.movedAt?.getTime() ?? 0)
  return {
    ...itemOf(doc),
    ownerName: doc.owner === null ? null : (names.get(doc.owner) ?? doc.owner),
    tiering: tieringOf(doc, names),
    outsiders: doc.outsiders,
    status: doc.status,
    createdAt: doc.createdAt?.toISOString() ?? null,
    movedAt: doc.movedAt?.toISOString() ?? null,
    idle: doc.kind === 'customer' && !doc.dismissed && last < now - idleMs,
  }
}

type SearchDeps = {
  mongo: Mongo
  clock: Clock
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** One page of groups, the largest first. */
export const createSearch = ({ mongo, clock, names }: SearchDeps) => {
  const groups = groupModel(mongo.connection)

  return async (query: GroupQuery): Promise<{ items: GroupRow[]; next: string | null; total: number }> => {
    const { limit, after, q, owner, status, tier, kind, tag, idle, scope } = query
    const now = clock.now()
    const own = { owner: { $in: [...(scope.owners ?? [])] } }
    const wanted = [
      { dismissed: false },
      ...(scope.owners === null ? [] : [scope.internal ? { $or: [own, { kind: 'internal' as const }] } : own]),
      ...(owner === undefined ? [] : [{ owner }]),
      ...(status === undefined ? [] : [{ status, kind: 'customer' as const }]),
      ...(tier === undefined ? [] : [{ tier }]),
      ...(kind === undefined ? [] : [{ kind }]),
      ...(tag === undefined ? [] : [{ tags: tag }]),
      ...(q === undefined || q === '' ? [] : [{ name: { $regex: escaped(q), $options: 'i' } }]),
      ...(idle === true ? [idleSince(now)] : []),
    ]
    const page = after === undefined ? wanted : [...wanted, afterOf(after)]
    const [docs, total] = await Promise.all([
      groups
        .find({ $and: page })
        .sort({ members: -1, _id: 1 })
        .limit(limit + 1)
        .lean<GroupDoc[]>(),
      groups.countDocuments({ $and: wanted }),
    ])
    const shown = docs.slice(0, limit)
    const last = shown.at(-1)
    const called = await names(shown.flatMap(peopleOf))
    return {
      items: shown.map((doc) => rowOf(doc, called, now)),
      next: docs.length > limit && last !== undefined ? `${last.members}~${last._id}` : null,
      total,
    }
  }
}
