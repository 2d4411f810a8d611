import type { NewFact } from '@zhiyin/shared/fact'
import { heldIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { identity, type Identity } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import type { SegmentDoc } from './segments.model.ts'
import type { SegmentStore } from './store.ts'
import type { AppendFacts, Customers } from './types.ts'

/** What a text may be: an id of ours, or what WeCom, a shop or the customer is known by. */
const readings = (text: string): Identity[] =>
  (['external_userid', 'user_id', 'unionid', 'phone', 'email'] as const).flatMap((kind) => identity(kind, text) ?? [])

const keyOf = ({ kind, value }: Identity): string => `${kind}:${value}`

export type Found = { readonly views: readonly CustomerView[]; readonly unknown: readonly string[] }

type Deps = {
  customers: Pick<Customers, 'views' | 'owners'>
  store: Pick<SegmentStore, 'get'>
  clock: Clock
  append: AppendFacts
}

const isOn = (view: CustomerView, listId: string): boolean => view.segments.some(({ id }) => id === listId)

/** A static list as facts of its customers: who was put in and taken out, by whom and when. `key` makes a repetition harmless. */
export const listFacts = (
  kind: 'list.joined' | 'list.left',
  list: Pick<SegmentDoc, '_id' | 'name'>,
  customerIds: readonly string[],
  { by, at, key }: { by: string; at: Date; key: string },
): NewFact[] =>
  customerIds.map((customerId) => ({
    id: `${kind}:${list._id}:${customerId}:${key}`,
    customerId,
    type: kind,
    at,
    source: 'rep',
    payload: { listId: list._id, list: list.name, by },
  }))

/** Puts customers into static lists and takes them out. */
export const createLists = ({ customers, store, clock, append }: Deps) => {
  const listOf = async (id: string): Promise<SegmentDoc> => {
    const doc = await store.get(id)
    if (doc.kind !== 'list') throw new AppError('segment.kind', { status: 422, params: { name: doc.name } })
    return doc
  }

  /** Customers by whatever they are known by; only those somebody may see (`scope` null: all) are found. */
  const find = async (texts: readonly string[], scope: readonly string[] | null): Promise<Found> => {
    const asked = [...new Set(texts)]
    const owners = await customers.owners(asked.flatMap(readings))
    const idOf = (text: string): string =>
      readings(text)
        .map((one) => owners.get(keyOf(one)))
        .find((id) => id !== undefined) ?? text
    const views = await customers.views([...new Set(asked.map(idOf))])
    const seen = views.filter((view) => heldIn(scope, view))
    const known = new Set(seen.map(({ id }) => id))
    return { views: seen, unknown: asked.filter((text) => !known.has(idOf(text))) }
  }

  const change =
    (kind: 'list.joined' | 'list.left') =>
    async (id: string, texts: readonly string[], scope: readonly string[] | null, by: string) => {
      const list = await listOf(id)
      const { views, unknown } = await find(texts, scope)
      const wanted = views.filter((view) => isOn(view, id) !== (kind === 'list.joined'))
      const at = clock.date()
      const ids = wanted.map((view) => view.id)
      await append(listFacts(kind, list, ids, { by, at, key: String(at.getTime()) }))
      return {
        changed: wanted.length,
        same: views.length - wanted.length,
        unknown: unknown.slice(0, 100),
        unknownCount: unknown.length,
      }
    }

  return { listOf, put: change('list.joined'), take: change('list.left') }
}

export type Lists = ReturnType<typeof createLists>
