import type { TagSource } from '@zhiyin/shared/customer'
import type { Fact } from '@zhiyin/shared/fact'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import type { Scope } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { byConsent, customerModel, type CustomerDoc } from './customers.model.ts'
import { identityCollection } from './identities.model.ts'
import { inClear, indexOfValue, keyOf, normalPhone, type Blind, type Identity } from './identity.ts'
import { createWholes } from './identities/whole.ts'
import { seenBy, type CustomerFilter } from '../conditions/filter.ts'
import { createConsentCounts } from './consent-counts.ts'
import { inOrderUnit, isOfOrder } from './order-unit.ts'
import { reachOf, type Reach, type ReachDoc } from './reach.ts'
import { standingOrders } from './signals.ts'
import type { TagEntry } from './state/state.ts'
import type { Definitions } from './types.ts'
import type { CustomerView } from './view.ts'
import type { Known } from './replay.ts'
import { viewOf, viewProjection, type ViewDoc } from './view-of.ts'

export { identity, markOfIndex, type Blind, type Identity, type IdentityKind } from './identity.ts'
export { erasedId, type Erased } from './erased.ts'
export { profileOf, rowOf, type Names } from './present.ts'
export { levelsOf } from './present-levels.ts'
export { orderOf } from './place/order.ts'
export { typed } from './typed.ts'
export { suggest, type SuggestContents } from './suggest.ts'
export { emptyTally, type AttributeTally, type Tally } from './quality.ts'
export { looksLike, type UnknownTally } from './unknown.ts'
export { transferFailedId, type HandedOver, type HandOver } from './hand-over.ts'
export type { FetchContact } from './fetch-contact.ts'
export type { ContactNote, NoteContact } from './note-contact.ts'
export type { CustomerDetail, CustomerPair, TagName } from './snapshot.ts'
export type { TagChange, WantTag } from './tagging.ts'
export type { TagEntry } from './state/state.ts'
export type { CustomerDoc as WholeCustomer } from './customers.model.ts'
export { createHolds, type Hold, type Holds } from './holds.ts'
export type { Reach } from './reach.ts'
export { createTermsTrial, type TermsOutcome, type TermsTrial } from './terms-trial.ts'
export { replayFrom, replayOf, type Known, type Replay } from './replay.ts'
export type { CustomerView } from './view.ts'

export type ListQuery = {
  limit: number
  after?: string | undefined
  q?: string | undefined
  stage?: Stage | undefined
  tier?: Tier | undefined
  tagId?: string | undefined
  userid?: string | undefined
  /** Only customers of these reps. */
  scope?: Scope
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A phone number or the beginning of a name or remark. */
const searchOf = (q: string, blind: Blind): CustomerFilter => {
  const number = /^[+\d][\d\s-]{5,}$/.test(q) ? normalPhone(q) : null
  const phone = number === null ? null : indexOfValue(blind({ kind: 'phone', value: number }).value)
  const named = { search: { $regex: `^${escaped(q.toLowerCase())}` } }
  return phone === null ? named : { $or: [{ phones: phone }, named] }
}

const afterOf = (after: string): CustomerFilter => {
  const [ms = '', id = ''] = after.split('~')
  if (!/^-?\d+$/.test(ms) || id === '')
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  const activeAt = new Date(Number(ms))
  return { $or: [{ activeAt: { $lt: activeAt } }, { activeAt, _id: { $lt: id } }] }
}

export type ProfileRead = ReturnType<typeof createProfileRead>

/** What later stages and the API may read of customers. */
export const createProfileRead = ({ connection }: Pick<Mongo, 'connection'>, blind: Blind = inClear) => {
  const customers = customerModel(connection)
  const identities = identityCollection(connection)
  const wholes = createWholes({ connection })
  /** Whoever has become part of another customer is looked up as that one. */
  const standing = async <T>(id: string, find: (id: string) => Promise<T | null>): Promise<T | null> => {
    const found = await find(id)
    if (found !== null) return found
    const whole = await wholes.standing(id)
    return whole === id ? null : find(whole)
  }
  const view = async (id: string): Promise<CustomerView | null> => {
    const doc = await customers.findOne({ _id: id }, viewProjection).lean<ViewDoc | null>()
    return doc === null ? null : viewOf(doc)
  }

  return {
    /** One customer, or whom they have become part of; null when there is none. */
    view: (id: string): Promise<CustomerView | null> => standing(id, view),

    /** Who stands for a customer: themselves, or whom they have become part of. */
    standing: (id: string): Promise<string> => wholes.standing(id),

    /** Records under the customer who stands for theirs now. */
    async asWhole<T extends { readonly customerId: string }>(records: readonly T[]): Promise<T[]> {
      const standing = await wholes.of(records.map(({ customerId }) => customerId))
      return records.map((one) => ({ ...one, customerId: standing.get(one.customerId) ?? one.customerId }))
    },

    /** The tags that rules keep on a customer. */
    async ruledOn(id: string): Promise<string[]> {
      const doc = await customers
        .findOne({ _id: id }, { 'ruleTags.id': 1 })
        .lean<{ ruleTags: { id: string }[] } | null>()
      return (doc?.ruleTags ?? []).map((tag) => tag.id)
    },

    /** Several customers by id, in no order; unknown ones are left out. */
    async views(ids: readonly string[]): Promise<CustomerView[]> {
      const docs = await customers.find({ _id: { $in: ids } }, viewProjection).lean<ViewDoc[]>()
      return docs.map(viewOf)
    },

    /** The orders of these customers that stand, oldest first: when, and what is left of each in minor units of the company's currency. */
    async bought(ids: readonly string[]): Promise<Map<string, { at: Date; net: number }[]>> {
      const docs = await customers
        .find({ _id: { $in: ids } }, { 'state.orders': 1 })
        .lean<{ _id: string; state: Pick<CustomerDoc['state'], 'orders'> }[]>()
      return new Map(
        docs.map(({ _id, state }) => [_id, standingOrders(state.orders).map(({ at, net }) => ({ at, net }))]),
      )
    },

    /** Facts of a customer, those of orders whose currency nobody said in that of their order. */
    async inOrderUnits(id: string, facts: readonly Fact[]): Promise<Fact[]> {
      if (!facts.some(isOfOrder)) return [...facts]
      const doc = await customers
        .findOne({ _id: id }, { 'state.orders': 1 })
        .lean<{ state: Pick<CustomerDoc['state'], 'orders'> } | null>()
      return facts.map((fact) => inOrderUnit(fact, doc?.state.orders ?? []))
    },

    /** Where to reach each of some customers; unknown ones are left out. */
    async reach(ids: readonly string[], definitions: Definitions): Promise<Map<string, Reach>> {
      const docs = await customers.find({ _id: { $in: ids } }, { state: 1, contact: 1 }).lean<ReachDoc[]>()
      return new Map(docs.map((doc) => [doc._id, reachOf(doc, definitions)]))
    },

    /** Of these customers, or whom they have become part of, those held by somebody of a scope; with none all of them. */
    async seen(ids: readonly string[], scope: Scope): Promise<ReadonlySet<string>> {
      if (scope === null) return new Set(ids)
      const standing = await wholes.of(ids)
      const of = (id: string): string => standing.get(id) ?? id
      const wanted = [...new Set(ids.map(of))]
      const docs = await customers.find(seenBy({ _id: { $in: wanted } }, scope), { _id: 1 }).lean<{ _id: string }[]>()
      const found = new Set(docs.map(({ _id }) => _id))
      return new Set(ids.filter((id) => found.has(of(id))))
    },

    async byExternal(externalUserId: string): Promise<CustomerView | null> {
      const doc = await customers.findOne({ externalUserId }, viewProjection).lean<ViewDoc | null>()
      return doc === null ? null : viewOf(doc)
    },

    /** The next customers, in the order of ids, that a filter takes; for schedules and dry runs. */
    async scan(filter: CustomerFilter, after: string | null, limit: number): Promise<CustomerView[]> {
      const docs = await customers
        .find(after === null ? filter : { $and: [filter, { _id: { $gt: after } }] }, viewProjection)
        .sort({ _id: 1 })
        .limit(limit)
        .lean<ViewDoc[]>()
      return docs.map(viewOf)
    },

    /** The ids of the next customers that a filter takes, in their order. */
    async ids(filter: CustomerFilter, after: string, limit: number): Promise<string[]> {
      const docs = await customers
        .find({ $and: [filter, { _id: { $gt: after } }] }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      return docs.map(({ _id }) => _id)
    },

    /** Who these customers are, for a replay of their past; in the order of ids. */
    known: (ids: readonly string[]): Promise<Known[]> =>
      customers
        .find({ _id: { $in: [...ids] } }, { externalUserId: 1, contact: 1, createdAt: 1 })
        .sort({ _id: 1 })
        .lean<Known[]>()
        .exec(),

    /** Some customers that a filter takes, in no order: cheaper than the first ones, for nothing is sorted. */
    async some(filter: CustomerFilter, limit: number): Promise<CustomerView[]> {
      const docs = await customers.find(filter, viewProjection).limit(limit).lean<ViewDoc[]>()
      return docs.map(viewOf)
    },

    /** Of each group of identities, whether some customer has one of them. */
    async anybodyHas(groups: readonly (readonly Identity[])[]): Promise<boolean[]> {
      const keyIn = (one: Identity): string => keyOf(blind(one))
      const keys = [...new Set(groups.flat().map(keyIn))]
      const found = await identities.find({ _id: { $in: keys } }, { projection: { _id: 1 } }).toArray()
      const held = new Set(found.map(({ _id }) => _id))
      return groups.map((group) => group.some((one) => held.has(keyIn(one))))
    },

    /** Whose each identity is, by `kind:value` as it was asked for; those nobody has are left out. */
    async owners(asked: readonly Identity[]): Promise<Map<string, string>> {
      const keys = new Map(asked.map((one) => [keyOf(blind(one)), keyOf(one)]))
      const found = await identities.find({ _id: { $in: [...keys.keys()] } }).toArray()
      return new Map(found.map(({ _id, customerId }) => [keys.get(_id) ?? _id, customerId]))
    },

    /** Whose sources disagree on an attribute, or say what is none of its values; one page in the order of ids. */
    async withIssue(
      key: string,
      issue: 'conflicts' | 'rejects',
      { limit, after, scope }: { limit: number; after?: string | undefined; scope: Scope },
    ): Promise<{ docs: CustomerDoc[]; next: string | null }> {
      const docs = await customers
        .find({
          [issue]: key,
          ...(after === undefined ? {} : { _id: { $gt: after } }),
          ...(scope === null ? {} : { heldBy: { $in: [...scope] } }),
        })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .lean<CustomerDoc[]>()
      const page = docs.slice(0, limit)
      return { docs: page, next: docs.length > limit ? (page.at(-1)?._id ?? null) : null }
    },

    /** How many of those within a scope have each attribute in conflict, or rejected. */
    async countIssues(issue: 'conflicts' | 'rejects', scope: readonly string[]): Promise<Map<string, number>> {
      const counts = await customers.aggregate<{ _id: string; n: number }>([
        { $match: { heldBy: { $in: [...scope] }, [issue]: { $gt: '' } } },
        { $unwind: `$${issue}` },
        { $group: { _id: `$${issue}`, n: { $sum: 1 } } },
      ])
      return new Map(counts.map(({ _id, n }) => [_id, n]))
    },

    /** The next customers in the order of ids. */
    async idsAfter(after: string | null, limit: number): Promise<string[]> {
      const docs = await customers
        .find({ _id: { $gt: after ?? '' } }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      return docs.map(({ _id }) => _id)
    },

    /** `few`: by the index of those who agreed or refused, where it holds fewer than the filter finds by its own. */
    count: (filter: CustomerFilter, few?: 'by_consent'): Promise<number> =>
      customers.countDocuments(filter, few === undefined ? {} : { hint: byConsent }),

    /** Customer ids by external_userid; those nobody knows, or nobody of a scope holds, are left out. */
    async idsByExternal(externalUserIds: readonly string[], scope: Scope = null): Promise<Map<string, string>> {
      const docs = await customers
        .find(seenBy({ externalUserId: { $in: [...externalUserIds] } }, scope), { externalUserId: 1 })
        .lean<Pick<CustomerDoc, '_id' | 'externalUserId'>[]>()
      return new Map(
        docs.flatMap(({ _id, externalUserId }) => (externalUserId === null ? [] : [[externalUserId, _id] as const])),
      )
    },

    /** How many of these people are customers of each tier. */
    async tierCounts(externalUserIds: readonly string[]): Promise<Record<Tier, number>> {
      const counts: Record<Tier, number> = { A: 0, B: 0, C: 0 }
      if (externalUserIds.length === 0) return counts
      const rows = await customers.aggregate<{ _id: Tier; n: number }>([
        { $match: { externalUserId: { $in: [...externalUserIds] } } },
        { $group: { _id: '$tier.tier', n: { $sum: 1 } } },
      ])
      for (const { _id, n } of rows) counts[_id] = n
      return counts
    },

    /** How many customers carry each tag. */
    async countByTag(): Promise<Map<string, number>> {
      const counts = await customers.aggregate<{ _id: string; n: number }>([
        { $match: { tagIds: { $gt: '' } } },
        { $unwind: '$tagIds' },
        { $group: { _id: '$tagIds', n: { $sum: 1 } } },
      ])
      return new Map(counts.map(({ _id, n }) => [_id, n]))
    },

    /** How many customers of a scope said what to which purpose; at most a minute old, for it goes through all of them. */
    countByConsent: createConsentCounts(customers),

    /** How many carry a tag, by who put it on; those of rules that keep it on count as rules. */
    async countByKind(tagId: string): Promise<Map<TagSource, number>> {
      const counts = await customers.aggregate<{ _id: TagSource; n: number }>([
        { $match: { tagIds: tagId } },
        {
          $project: {
            put: { $filter: { input: '$state.tags', as: 't', cond: { $eq: ['$$t.id', tagId] } } },
            ruled: { $in: [tagId, '$ruleTags.id'] },
          },
        },
        { $group: { _id: { $cond: ['$ruled', 'rule', { $arrayElemAt: ['$put.source', 0] }] }, n: { $sum: 1 } } },
      ])
      return new Map(counts.map(({ _id, n }) => [_id, n]))
    },

    /** What was said of each tag of these customers. */
    async tagEntries(ids: readonly string[]): Promise<Map<string, readonly TagEntry[]>> {
      const docs = await customers
        .find({ _id: { $in: ids } }, { 'state.tags': 1 })
        .lean<(Pick<CustomerDoc, '_id'> & { state: Pick<CustomerDoc['state'], 'tags'> })[]>()
      return new Map(docs.map(({ _id, state }) => [_id, state.tags]))
    },

    /** How many customers each rep may see. */
    async countByRep(): Promise<Map<string, number>> {
      const counts = await customers.aggregate<{ _id: string; n: number }>([
        { $unwind: '$heldBy' },
        { $group: { _id: '$heldBy', n: { $sum: 1 } } },
      ])
      return new Map(counts.map(({ _id, n }) => [_id, n]))
    },

    /** One page of a list, newest activity first. */
    async list(query: ListQuery): Promise<{ docs: CustomerDoc[]; next: string | null }> {
      const { limit, after, q, stage, tier, tagId, userid, scope } = query
      const wanted: CustomerFilter[] = [
        stage === undefined ? {} : { 'stage.stage': stage },
        tier === undefined ? {} : { 'tier.tier': tier },
        tagId === undefined ? {} : { tagIds: tagId },
        userid === undefined ? {} : { heldBy: userid },
        scope === undefined || scope === null ? {} : { heldBy: { $in: [...scope] } },
        q === undefined || q === '' ? {} : searchOf(q, blind),
        after === undefined ? {} : afterOf(after),
      ].filter((part) => Object.keys(part).length > 0)
      const docs = await customers
        .find(wanted.length === 0 ? {} : { $and: wanted })
        .sort({ activeAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<CustomerDoc[]>()
      const page = docs.slice(0, limit)
      const last = page.at(-1)
      const next = docs.length > limit && last !== undefined ? `${last.activeAt.getTime()}~${last._id}` : null
      return { docs: page, next }
    },

    /** 1 a WeChat user, 2 a WeCom user of another corp; null while WeCom has told nothing of the customer. */
    async contactTypeOf(id: string): Promise<number | null> {
      const doc = await customers
        .findOne({ _id: id }, { 'contact.type': 1 })
        .lean<{ contact: { type: number } | null } | null>()
      return doc?.contact?.type ?? null
    },

    /** Everything kept of one customer, or of whom they have become part of; null when there is none. */
    whole: (id: string): Promise<CustomerDoc | null> =>
      standing(id, (one) => customers.findOne({ _id: one }).lean<CustomerDoc | null>().exec()),
  }
}
