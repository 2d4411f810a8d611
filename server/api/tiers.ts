import {
  tiers as endpoints,
  type Distribution,
  type LevelMove,
  type SchemeRow,
  type Trial,
} from '@zhiyin/shared/api/tiers'
import type { Level } from '@zhiyin/shared/tier-scheme'
import type { z } from 'zod'
import { ownCustomer } from '../commands/on-customer.ts'
import { reviewScheme } from '../commands/review-scheme.ts'
import { writeScheme } from '../commands/write-scheme.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import { levelsOf, type ProfileRead } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import { written } from '../tiers/store.ts'
import { templates } from '../tiers/templates.ts'
import type { Tiers } from '../tiers/tiers.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, pageSeen, type Sees } from './seen.ts'

type Deps = Parameters<typeof writeScheme>[0] & {
  tiers: Tiers
  read: Pick<ProfileRead, 'whole' | 'view'>
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  sees: Sees
  definitions: { get(): Promise<Definitions> }
  /** How far working everybody out anew has come. */
  progress: () => Promise<{ doneAt: Date | null; done: number } | null>
  clock: Clock
}
type Stored = Awaited<ReturnType<Tiers['get']>>
type Tried = Awaited<ReturnType<Tiers['trials']['get']>>
type Counted = Awaited<ReturnType<Tiers['distribution']>>

const ok: { ok: true } = { ok: true }
const reviewsShown = 24

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null

const distributionOf = (windowDays: number, doc: Counted): Distribution => ({
  windowDays,
  at: isoOf(doc?.kept?.at ?? null),
  running: doc?.running ? { done: doc.running.customers } : null,
  customers: doc?.kept?.customers ?? 0,
  buyers: doc?.kept?.buyers ?? 0,
  measures: doc?.kept?.histograms ?? null,
})

const movesIn = (moves: Readonly<Record<string, number>>): LevelMove[] =>
  Object.entries(moves).map(([key, customers]) => {
    const at = key.indexOf('>')
    const from = key.slice(0, at)
    return { from: from === '' ? null : from, to: key.slice(at + 1), customers }
  })

/** The levels a trial speaks of; those that a draft takes out stand at the end. */
const keysOf = ({ scheme, before }: Tried): Level[] => [
  ...scheme.levels,
  ...before.filter(({ key }) => !scheme.levels.some((level) => level.key === key)),
]

const presentTrial = (doc: Tried): Trial => ({
  id: doc._id,
  schemeId: doc.schemeId,
  scheme: doc.scheme,
  before: doc.before.map(({ key, name }) => ({ key, name })),
  month:
    doc.month === null
      ? null
      : { name: doc.month.name, from: doc.month.from.toISOString(), to: doc.month.to.toISOString() },
  state: doc.state,
  at: doc.at.toISOString(),
  done: doc.done,
  customers: Math.max(doc.total, doc.done),
  levels: keysOf(doc).map(({ key }) => ({ key, customers: doc.levels[key] ?? 0 })),
  monthMoves: movesIn(doc.monthMoves),
  proposed: doc.proposed,
  inForce: doc.inForce,
  buyers: doc.buyers,
  why: doc.why,
  moves: movesIn(doc.moves),
  moved: doc.moved,
  listed: doc.listed,
  by: doc.by,
  decidedAt: isoOf(doc.decidedAt),
  decidedBy: doc.decidedBy,
})

export const tiersApi = ({ tiers, read, customerNames, sees, definitions, progress, clock, audit }: Deps): Bound[] => {
  const write = writeScheme({ tiers, audit })
  const review = reviewScheme({ tiers, audit })

  const present = async (actor: SignedIn, doc: Stored): Promise<SchemeRow> => {
    const [counts, primary] = await Promise.all([tiers.onLevels(doc, scopeOf(actor)), tiers.isPrimary(doc._id)])
    const { levels, worked, version } = doc
    return {
      scheme: written(doc),
      primary,
      version,
      worked:
        worked === null
          ? null
          : {
              computedAt: worked.at.toISOString(),
              buyers: worked.buyers,
              cuts: worked.cuts,
              inForce: worked.inForce,
              adoptedAt: isoOf(worked.adoptedAt),
              waitingSince: isoOf(worked.waiting?.since ?? null),
            },
      levels: levels.map(({ key }) => ({ key, customers: counts.get(key) ?? 0 })),
      updatedAt: doc.updatedAt.toISOString(),
      updatedBy: doc.updatedBy,
    }
  }
  const distribution = async (windowDays: number): Promise<Distribution> =>
    distributionOf(windowDays, await tiers.distribution(windowDays))
  const running = async () => {
    const state = await progress()
    return state === null || state.doneAt !== null ? null : { done: state.done }
  }
  /** One page of those who move, of whom this manager sees. */
  const movesFor = async (actor: SignedIn, id: string, page: { after?: string | undefined; limit: number }) => {
    const trial = await tiers.trials.get(id)
    const { items, next } = await pageSeen(
      page.after,
      (after) => tiers.trials.listed(id, { limit: page.limit, after: after ?? null }),
      onlySeen(sees, actor, ({ customerId }) => [customerId]),
    )
    const names = await customerNames(items.map(({ customerId }) => customerId))
    const nameOf = (levels: readonly { key: string; name: string }[], key: string): string =>
      levels.find((level) => level.key === key)?.name ?? key
    const shown = items.flatMap(({ customerId, from, to }) => {
      const customer = names.get(customerId)
      return customer === undefined
        ? []
        : { customerId, customer, from: nameOf(trial.before, from), to: nameOf(trial.scheme.levels, to) }
    })
    return { items: shown, next }
  }
  const levelsFor = async (actor: SignedIn, id: string): Promise<z.input<typeof endpoints.ofCustomer.output>> => {
    const view = await ownCustomer(read, actor, id)
    const [doc, known, history] = [await read.whole(view.id), await definitions.get(), await tiers.history(view.id)]
    if (doc === null) return { items: [] }
    return {
      items: levelsOf(doc, known, clock.date()).map((level) => ({
        ...level,
        history: history
          .filter(({ schemeId }) => schemeId === level.schemeId)
          .map(({ at, from, to, because }) => ({ at: at.toISOString(), from, to, because: [...because] })),
      })),
    }
  }

  return [
    bind(endpoints.list, async ({ actor }) => ({
      items: await Promise.all((await tiers.all()).map((doc) => present(actor, doc))),
      recomputing: await running(),
    })),
    bind(endpoints.templates, async ({ lang }) => ({ items: templates(lang) })),
    bind(endpoints.distribution, ({ query }) => distribution(query.windowDays)),
    bind(endpoints.count, async ({ actor, body }) => {
      await review.count(actor, body.windowDays)
      return distribution(body.windowDays)
    }),
    bind(endpoints.preview, ({ body }) => tiers.preview(body.id, body.scheme)),
    bind(endpoints.try, async ({ actor, body }) => presentTrial(await review.try(actor, body.id, body.scheme))),
    bind(endpoints.get, async ({ actor, params }) => present(actor, await tiers.get(params.id))),
    bind(endpoints.create, async ({ actor, body }) => present(actor, await write.create(actor, body))),
    bind(endpoints.update, async ({ actor, params, body }) =>
      present(actor, await write.update(actor, params.id, body.version, body.scheme)),
    ),
    bind(endpoints.makePrimary, async ({ actor, params }) => present(actor, await write.makePrimary(actor, params.id))),
    bind(endpoints.remove, async ({ actor, params }) => {
      await write.remove(actor, params.id)
      return ok
    }),
    bind(endpoints.review, async ({ actor, params }) => presentTrial(await review.review(actor, params.id))),
    bind(endpoints.reviews, async ({ params }) => ({
      items: (await tiers.trials.reviews(params.id, reviewsShown)).map(presentTrial),
    })),
    bind(endpoints.trial, async ({ params }) => presentTrial(await tiers.trials.get(params.id))),
    bind(endpoints.moves, ({ actor, params, query }) => movesFor(actor, params.id, query)),
    bind(endpoints.adopt, async ({ actor, params }) => presentTrial(await review.adopt(actor, params.id))),
    bind(endpoints.dismiss, async ({ actor, params }) => presentTrial(await review.dismiss(actor, params.id))),
    bind(endpoints.ofCustomer, ({ actor, params }) => levelsFor(actor, params.id)),
  ]
}
