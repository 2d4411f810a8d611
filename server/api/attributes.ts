import {
  attributes as endpoints,
  type AttributeQuality,
  type AttributeRow,
  type Freshness,
  type IssueRow,
  type LayerQuality,
  type Quality,
  type UnknownTrait,
} from '@zhiyin/shared/api/attributes'
import { attributeKey, type Attribute } from '@zhiyin/shared/attribute'
import { builtInKeys, isAskable, isEditable, isExpected } from '@zhiyin/shared/built-in-attributes'
import { layers } from '@zhiyin/shared/customer'
import type { AttributesRoom, Item } from '../attributes/attributes.ts'
import { isReserved } from '../attributes/check.ts'
import { writeAttribute } from '../commands/write-attribute.ts'
import { scopeOf, type Scope } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { Looking } from '../privacy/read.ts'
import {
  emptyTally,
  looksLike,
  profileOf,
  type ProfileRead,
  type Tally,
  type UnknownTally,
  type WholeCustomer,
} from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeAttribute>[0] & {
  attributes: AttributesRoom
  read: Pick<ProfileRead, 'withIssue' | 'countIssues'>
  definitions: { get(): Promise<Definitions> }
  /** How far everybody has been worked out anew. */
  progress: () => Promise<{ doneAt: Date | null; done: number; of: number } | null>
  look: Pick<Looking, 'masked'>
  clock: Clock
}

const ok = { ok: true as const }

const present = ({ attribute, version, updatedAt, updatedBy, backfill }: Item, of: number): AttributeRow => ({
  ...attribute,
  builtIn: builtInKeys.has(attribute.key),
  askable: isAskable(attribute),
  editable: isEditable(attribute),
  version,
  backfill: backfill === null ? null : { done: backfill.done, of: Math.max(of, backfill.done) },
  updatedAt: updatedAt?.toISOString() ?? null,
  updatedBy,
})

const noFresh: Freshness = { d30: 0, d90: 0, d365: 0, older: 0 }
const added = (a: Freshness, b: Freshness): Freshness => ({
  d30: a.d30 + b.d30,
  d90: a.d90 + b.d90,
  d365: a.d365 + b.d365,
  older: a.older + b.older,
})

const qualityOf = ({ key }: Attribute, { byKey }: Tally): AttributeQuality => {
  const counted = Object.hasOwn(byKey, key) ? byKey[key] : undefined
  const { known = 0, stated = 0, fresh = noFresh, conflicts = 0, rejects = 0 } = counted ?? {}
  return { key, known, stated, fresh, conflicts, rejects }
}

const layerOf = (
  layer: LayerQuality['layer'],
  defined: readonly Attribute[],
  all: readonly AttributeQuality[],
  customers: number,
): LayerQuality => {
  const expected = new Set(defined.filter((one) => one.layer === layer && isExpected(one)).map(({ key }) => key))
  const own = all.filter(({ key }) => defined.some((one) => one.key === key && one.layer === layer))
  const known = own.filter(({ key }) => expected.has(key)).reduce((sum, one) => sum + one.known, 0)
  const possible = expected.size * customers
  return {
    layer,
    known,
    fresh: own.map(({ fresh }) => fresh).reduce(added, noFresh),
    conflicts: own.reduce((sum, one) => sum + one.conflicts, 0),
    rejects: own.reduce((sum, one) => sum + one.rejects, 0),
    coverage: possible === 0 ? 0 : known / possible,
  }
}

/** How many a count has looked at. */
const seenBy = ({ customers, anonymous = 0 }: Tally): number => customers + anonymous

/** Lists are mostly of what somebody likes. */
const unknownOf = (tally: UnknownTally): UnknownTrait => {
  const { key, customers } = tally
  const { type, choices } = looksLike(tally)
  return {
    key,
    customers,
    type,
    choices,
    layer: type === 'list' ? 'interests' : 'basic',
    definable: attributeKey.test(key),
  }
}

export const attributesApi = ({ attributes, read, definitions, progress, look, clock, audit }: Deps): Bound[] => {
  const write = writeAttribute({ attributes, audit })

  const one = async (key: string): Promise<AttributeRow> => {
    const found = (await attributes.list()).find(({ attribute }) => attribute.key === key)
    if (found === undefined) throw notFound('attribute', key)
    return present(found, (await progress())?.of ?? 0)
  }
  const list = async () => {
    const [items, state] = await Promise.all([attributes.list(), progress()])
    const working = state === null || state.doneAt !== null ? null : { done: state.done, of: state.of }
    return { items: items.map((item) => present(item, state?.of ?? 0)), working }
  }
  /** An attribute's figures of the whole company; to whom sees some customers only, its issues of those, as they stand now. */
  const issuesFor = async (scope: Scope): Promise<(of: AttributeQuality) => AttributeQuality> => {
    if (scope === null) return (of) => of
    const [conflicts, rejects] = await Promise.all([
      read.countIssues('conflicts', scope),
      read.countIssues('rejects', scope),
    ])
    return (of) => ({ ...of, conflicts: conflicts.get(of.key) ?? 0, rejects: rejects.get(of.key) ?? 0 })
  }
  const quality = async (scope: Scope): Promise<Quality> => {
    const [doc, defined, scoped] = await Promise.all([
      attributes.quality.read(),
      attributes.definitions(),
      issuesFor(scope),
    ])
    const tally = doc?.counted?.tally ?? emptyTally
    const known = new Set(defined.map(({ key }) => key))
    const unknown = tally.unknown.filter(({ key }) => !known.has(key) && !isReserved(key))
    const all = defined.map((attribute) => scoped(qualityOf(attribute, tally)))
    return {
      at: doc?.counted?.at.toISOString() ?? null,
      customers: tally.customers,
      anonymous: tally.anonymous ?? 0,
      scoped: scope !== null,
      running: doc?.running ? { done: seenBy(doc.running.tally) } : null,
      layers: layers.map((layer) => layerOf(layer, defined, all, tally.customers)),
      attributes: all,
      unknown: unknown.map(unknownOf).toSorted((a, b) => b.customers - a.customers),
    }
  }
  const issueOf = (doc: WholeCustomer, key: string, known: Definitions): IssueRow => {
    const opened = look.masked(doc)
    const names = { members: new Map<string, string>(), tags: new Map<string, never>() }
    const profile = profileOf(opened, names, known, clock.date())
    const value = profile.layers.flatMap(({ values }) => values).find((each) => each.key === key) ?? null
    return { customerId: doc._id, customer: opened.name, value }
  }

  return [
    bind(endpoints.list, list),
    bind(endpoints.create, async ({ actor, body }) => {
      await write.create(actor, body)
      return one(body.key)
    }),
    bind(endpoints.update, async ({ actor, params, body: { version, ...wanted } }) => {
      await write.update(actor, params.key, version, wanted)
      return one(params.key)
    }),
    bind(endpoints.remove, async ({ actor, params }) => {
      await write.remove(actor, params.key)
      return ok
    }),
    bind(endpoints.quality, ({ actor }) => quality(scopeOf(actor))),
    bind(endpoints.count, async ({ actor }) => {
      await write.count(actor)
      return ok
    }),
    bind(endpoints.withIssue, async ({ actor, params, query: { issue, ...page } }) => {
      const { docs, next } = await read.withIssue(params.key, issue, { ...page, scope: scopeOf(actor) })
      const known = await definitions.get()
      return { items: docs.map((doc) => issueOf(doc, params.key, known)), next }
    }),
  ]
}
