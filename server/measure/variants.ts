import { variantDays, variantSends, type VariantResult } from '@zhiyin/shared/measure'
import type { Fact, FactType } from '@zhiyin/shared/fact'
import type { Clock } from '../platform/clock.ts'
import { proportion } from './statistics/interval.ts'
import { reachOf } from './statistics/normal.ts'
import type { BoughtOf } from './types.ts'

const windowMs = variantDays * 86_400_000
const perLook = 200
const z95 = reachOf(0.95)

/** A send that arrived; `id` is what an opened link of it names. */
type Arrived = { readonly id: string; readonly customerId: string; readonly variant: string; readonly at: Date }
type Stands = { readonly variant: string; readonly state: string; readonly delivery: string; readonly count: number }

type Deps = {
  clock: Clock
  /** How many sends of a content stand where. */
  tally: (contentId: string) => Promise<readonly Stands[]>
  /** The newest that arrived. */
  arrived: (contentId: string, limit: number) => Promise<readonly Arrived[]>
  boughtOf: BoughtOf
  factsSince: (customerIds: readonly string[], types: readonly FactType[], from: Date) => Promise<readonly Fact[]>
}

const reactions = ['opened', 'replied', 'bought'] as const
type Reaction = (typeof reactions)[number]
type Reacted = { readonly variant: string; readonly over: boolean; readonly did: ReadonlySet<Reaction> }

/** The first that arrived at each customer of each variant: what came after it may be a consequence of it. */
const firstOfEach = (arrived: readonly Arrived[]): Arrived[] => {
  const first = new Map<string, Arrived>()
  for (const one of arrived) {
    const key = `${one.variant} ${one.customerId}`
    const had = first.get(key)
    if (had === undefined || one.at < had.at) first.set(key, one)
  }
  return [...first.values()]
}

const countOf = (rows: readonly Stands[], fits: (row: Stands) => boolean): number =>
  rows.reduce((sum, row) => sum + (fits(row) ? row.count : 0), 0)

const hasArrived = ({ state, delivery }: Stands): boolean =>
  delivery === 'delivered' || (state === 'sent' && delivery === 'none')
const isUnderWay = ({ state, delivery }: Stands): boolean =>
  ['wanted', 'permitted', 'claimed', 'unsure'].includes(state) || delivery === 'waiting'

/** What became of the variants of a content: how many went, and what customers did in the days after. */
export const createVariants = ({ clock, tally, arrived, boughtOf, factsSince }: Deps) => {
  const reactedTo = async (list: readonly Arrived[]): Promise<Reacted[]> => {
    const ids = [...new Set(list.map(({ customerId }) => customerId))]
    const from = new Date(Math.min(...list.map(({ at }) => at.getTime())))
    const [bought, facts] = await Promise.all([
      boughtOf(ids),
      factsSince(ids, ['customer.replied', 'link.opened'], from),
    ])
    return list.map(({ id, customerId, variant, at }) => {
      const within = (when: Date): boolean => when >= at && when.getTime() < at.getTime() + windowMs
      const theirs = facts.filter((fact) => fact.customerId === customerId && within(fact.at))
      const did: Record<Reaction, boolean> = {
        opened: theirs.some((fact) => fact.type === 'link.opened' && fact.payload.intentId === id),
        replied: theirs.some(({ type }) => type === 'customer.replied'),
        bought: (bought.get(customerId) ?? []).some((order) => within(order.at)),
      }
      const over = at.getTime() + windowMs <= clock.now()
      return { variant, over, did: new Set(reactions.filter((one) => did[one])) }
    })
  }

  /** By how many were sent of each. */
  return async (contentId: string): Promise<VariantResult[]> => {
    const [stands, newest] = await Promise.all([tally(contentId), arrived(contentId, variantSends)])
    const first = firstOfEach(newest)
    const reacted: Reacted[] = []
    for (let at = 0; at < first.length; at += perLook) reacted.push(...(await reactedTo(first.slice(at, at + perLook))))
    return [...new Set(stands.map(({ variant }) => variant))]
      .map((variant): VariantResult => {
        const rows = stands.filter((row) => row.variant === variant)
        const own = reacted.filter((one) => one.variant === variant)
        const over = own.filter((one) => one.over)
        const of = (reaction: Reaction): VariantResult['opened'] => {
          const met = over.filter(({ did }) => did.has(reaction)).length
          if (over.length === 0) return { met, rate: null }
          const { at, within } = proportion(met, over.length)
          return { met, rate: { at, within: within(z95) } }
        }
        const [sends, waiting, gone] = [countOf(rows, () => true), countOf(rows, isUnderWay), countOf(rows, hasArrived)]
        return {
          variant,
          sends,
          held: sends - waiting - gone,
          waiting,
          arrived: gone,
          customers: over.length,
          open: own.length - over.length,
          opened: of('opened'),
          replied: of('replied'),
          bought: of('bought'),
        }
      })
      .toSorted((a, b) => b.sends - a.sends || a.variant.localeCompare(b.variant))
  }
}
