import type { GroupChange, GroupDetail, GroupMember } from '@zhiyin/shared/api/groups'
import { zonedTime } from '@zhiyin/shared/zone'
import type { QueryFilter } from 'mongoose'
import type { Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupChangeModel, type GroupChangeDoc } from './changes.model.ts'
import { groupModel, type GroupDoc } from './groups.model.ts'
import { groupMemberModel, type GroupMemberDoc } from './members.model.ts'
import type { NamePeople } from './people.ts'
import { peopleOf, rowOf } from './search.ts'

const dayMs = 86_400_000
const growthDays = 30
const mostInviters = 8
const OUTSIDE = 2

type Page = { limit: number; after?: string | undefined }
type Paged<T> = { items: T[]; next: string | null }
type Deps = {
  mongo: Mongo
  clock: Clock
  people: NamePeople
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  joinWayNames: (states: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const afterOf = (after: string): { at: Date; id: string } => {
  const cut = after.indexOf('~')
  const ms = Number(after.slice(0, cut))
  if (cut < 1 || !Number.isSafeInteger(ms))
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  return { at: new Date(ms), id: after.slice(cut + 1) }
}

/** Cuts what was read (one more than wanted) to a page. */
const pageOf = <D extends { _id: string }>(docs: readonly D[], limit: number, at: (doc: D) => Date | null) => {
  const shown = docs.slice(0, limit)
  const last = shown.at(-1)
  const next = docs.length > limit && last !== undefined ? `${at(last)?.getTime() ?? 0}~${last._id}` : null
  return { shown, next }
}

const quitOf = ({ leftAt, dismissed, quitScene }: GroupMemberDoc): GroupMember['quit'] => {
  if (leftAt === null) return null
  if (dismissed) return 'dismissed'
  if (quitScene === null) return 'unknown'
  return quitScene === 1 ? 'removed' : 'left'
}

const dayOf = (at: Date): string => zonedTime(at, 'Asia/Shanghai').date

/** What the pages of one group show. */
export const createLook = ({ mongo, clock, people, names, joinWayNames }: Deps) => {
  const groups = groupModel(mongo.connection)
  const members = groupMemberModel(mongo.connection)
  const changes = groupChangeModel(mongo.connection)

  const growthOf = async (chatId: string): Promise<GroupDetail['growth']> => {
    const from = new Date(clock.now() - (growthDays - 1) * dayMs)
    const [came, went] = await Promise.all([
      members
        .find({ chatId, joinedAt: { $gte: new Date(from.getTime() - dayMs) } }, { joinedAt: 1 })
        .lean<Pick<GroupMemberDoc, 'joinedAt'>[]>(),
      members
        .find({ chatId, leftAt: { $gte: new Date(from.getTime() - dayMs) } }, { leftAt: 1 })
        .lean<Pick<GroupMemberDoc, 'leftAt'>[]>(),
    ])
    const count = (days: readonly string[]) => {
      const counts = new Map<string, number>()
      for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1)
      return counts
    }
    const joined = count(came.map(({ joinedAt }) => dayOf(joinedAt)))
    const left = count(went.flatMap(({ leftAt }) => (leftAt === null ? [] : [dayOf(leftAt)])))
    return Array.from({ length: growthDays }, (_, index) => {
      const day = dayOf(new Date(from.getTime() + index * dayMs))
      return { day, joined: joined.get(day) ?? 0, left: left.get(day) ?? 0 }
    })
  }

  /** Of those outside who are in it now. */
  const comingOf = async (chatId: string) => {
    const stays = await members
      .find({ chatId, leftAt: null, type: OUTSIDE }, { joinScene: 1, inviter: 1 })
      .lean<Pick<GroupMemberDoc, 'joinScene' | 'inviter'>[]>()
    const scenes = new Map<number, number>()
    const inviters = new Map<string, number>()
    for (const { joinScene, inviter } of stays) {
      scenes.set(joinScene, (scenes.get(joinScene) ?? 0) + 1)
      if (inviter !== null) inviters.set(inviter, (inviters.get(inviter) ?? 0) + 1)
    }
    return {
      scenes: [...scenes].map(([scene, count]) => ({ scene, count })).sort((a, b) => b.count - a.count),
      inviters: [...inviters].sort(([, a], [, b]) => b - a).slice(0, mostInviters),
    }
  }

  /** The chat of a customer group; an internal one has neither members nor a timeline. */
  const chatOf = ({ chatId }: GroupDoc): string => chatId ?? ''

  return {
    /** Throws not_found. */
    async load(id: string): Promise<GroupDoc> {
      const doc = await groups.findById(id).lean<GroupDoc | null>()
      if (doc === null) throw notFound('group', id)
      return doc
    },

    /** As the list shows it. */
    row: async (doc: GroupDoc) => rowOf(doc, await names(peopleOf(doc)), clock.now()),

    async detail(doc: GroupDoc, scope: Scope): Promise<GroupDetail> {
      const chatId = chatOf(doc)
      const [growth, { scenes, inviters }] = await Promise.all([growthOf(chatId), comingOf(chatId)])
      const [name, called] = await Promise.all([
        people(chatId, [...doc.admins, ...inviters.map(([id]) => id)], scope),
        names(peopleOf(doc)),
      ])
      return {
        ...rowOf(doc, called, clock.now()),
        notice: doc.notice,
        admins: doc.admins.map(name),
        dismissed: doc.dismissed,
        growth,
        scenes,
        inviters: inviters.map(([id, count]) => ({ ...name(id), count })),
      }
    },

    async members(
      doc: GroupDoc,
      { state, q, limit, after }: Page & { state: 'in' | 'left'; q?: string | undefined },
      scope: Scope,
    ): Promise<Paged<GroupMember>> {
      const chatId = chatOf(doc)
      const key = state === 'in' ? 'joinedAt' : 'leftAt'
      const from = after === undefined ? null : afterOf(after)
      const wanted: QueryFilter<GroupMemberDoc>[] = [
        { chatId, leftAt: state === 'in' ? null : { $ne: null } },
        ...(q ? [{ name: { $regex: q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), $options: 'i' } }] : []),
        ...(from === null ? [] : [{ $or: [{ [key]: { $lt: from.at } }, { [key]: from.at, _id: { $lt: from.id } }] }]),
      ]
      const docs = await members
        .find({ $and: wanted })
        .sort({ [key]: -1, _id: -1 })
        .limit(limit + 1)
        .lean<GroupMemberDoc[]>()
      const { shown, next } = pageOf(docs, limit, (stay) => stay[key])
      const [name, ways] = await Promise.all([
        people(
          chatId,
          shown.flatMap(({ id, inviter }) => [id, inviter]),
          scope,
        ),
        joinWayNames(shown.flatMap(({ state: way }) => way ?? [])),
      ])
      const roleOf = (id: string): GroupMember['role'] =>
        id === doc.owner ? 'owner' : doc.admins.includes(id) ? 'admin' : 'member'
      const items = shown.map((stay): GroupMember => {
        const way = ways.get(stay.state ?? '')
        return {
          ...name(stay.id),
          colleague: stay.type !== OUTSIDE,
          role: roleOf(stay.id),
          joinedAt: stay.joinedAt.toISOString(),
          joinScene: stay.joinScene,
          inviter: stay.inviter === null ? null : name(stay.inviter),
          joinWay: stay.state === null || way === undefined ? null : { id: stay.state, name: way },
          leftAt: stay.leftAt?.toISOString() ?? null,
          quit: quitOf(stay),
        }
      })
      return { items, next }
    },

    async timeline(doc: GroupDoc, { limit, after }: Page, scope: Scope): Promise<Paged<GroupChange>> {
      const chatId = chatOf(doc)
      const from = after === undefined ? null : afterOf(after)
      const docs = await changes
        .find({
          chatId,
          ...(from === null ? {} : { $or: [{ at: { $lt: from.at } }, { at: from.at, _id: { $lt: from.id } }] }),
        })
        .sort({ at: -1, _id: -1 })
        .limit(limit + 1)
        .lean<GroupChangeDoc[]>()
      const { shown, next } = pageOf(docs, limit, ({ at }) => at)
      const owners = shown.flatMap(({ kind, from: old, to }) => (kind === 'owner' ? [old, to] : []))
      const ids = [...owners, ...shown.flatMap(({ person, inviter }) => [person?.id ?? null, inviter])]
      const name = await people(chatId, ids, scope)
      const worded = (kind: GroupChangeDoc['kind'], value: string | null): string | null =>
        kind === 'owner' && value !== null ? name(value).name : value
      const items = shown.map(
        ({ _id, at, kind, from: old, to, person, inviter, scene, members: count }): GroupChange => ({
          id: _id,
          at: at.toISOString(),
          kind,
          from: worded(kind, old),
          to: worded(kind, to),
          person: person === null ? null : name(person.id),
          inviter: inviter === null ? null : name(inviter),
          scene,
          members: count,
        }),
      )
      return { items, next }
    },
  }
}
