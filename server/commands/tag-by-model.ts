import { isDeepStrictEqual } from 'node:util'
import { because, type Because } from '@zhiyin/shared/because'
import type { Audit } from '../audit/audit.ts'
import type { SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { Clock } from '../platform/clock.ts'
import { eachOf } from '../platform/parallel.ts'
import type { CustomerView, ProfileRead, TagChange, TagEntry, TagName } from '../profile/read.ts'

export type Finding = {
  readonly customer: string
  readonly tagId: string
  readonly on: boolean
  readonly confidence: number
  /** In a few words. */
  readonly why?: string | undefined
}
export type Found = { changed: number; same: number; held: number; unknown: string[] }

type Deps = {
  read: Pick<ProfileRead, 'views' | 'idsByExternal' | 'tagEntries'>
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, TagName>>
  tag: (change: TagChange) => Promise<void>
  clock: Clock
  audit: Audit
}

const atOnce = 20

const holderOf = ({ follows }: CustomerView): string | null =>
  follows.find(({ state }) => state === 'following')?.userid ?? null

type Model = { readonly model: string; readonly version?: string | undefined }

const reasonsOf = ({ model, version }: Model, { confidence, why }: Finding): readonly [Because, ...Because[]] => [
  because('tag.by_model', { model, confidence }),
  ...(version === undefined ? [] : [because('tag.model_version', { version })]),
  ...(why === undefined ? [] : [because('tag.model_why', { why })]),
]

/** What people and systems said of a tag stands; what a model found before for the same reasons is no news. */
const verdictOf = (
  entry: TagEntry | undefined,
  { on }: Finding,
  reasons: readonly Because[],
): 'changed' | 'same' | 'held' => {
  if (entry === undefined) return on ? 'changed' : 'same'
  if (entry.source !== 'model') return entry.on === on ? 'same' : 'held'
  return entry.on === on && (!on || isDeepStrictEqual(entry.because, reasons)) ? 'same' : 'changed'
}

/** A model says which customers carry which tags. Throws not_found for a tag that is not there. */
export const tagByModel =
  ({ read, tagNames, tag, clock, audit }: Deps) =>
  async (
    actor: SignedIn,
    { key, items, ...of }: Model & { key: string; items: readonly Finding[] },
  ): Promise<Found> => {
    const names = await tagNames([...new Set(items.map(({ tagId }) => tagId))])
    const missing = items.find(({ tagId }) => !names.has(tagId))
    if (missing !== undefined)
      throw new AppError('not_found', { status: 404, params: { what: 'tag', id: missing.tagId } })
    const asked = [...new Set(items.map(({ customer }) => customer))]
    const byExternal = await read.idsByExternal(asked)
    const ids = asked.map((one) => byExternal.get(one) ?? one)
    const [views, entries] = await Promise.all([read.views(ids), read.tagEntries(ids)])
    const known = new Map(views.map((view) => [view.id, view]))
    const found: Found = { changed: 0, same: 0, held: 0, unknown: [] }
    await eachOf(items, atOnce, async (item) => {
      const view = known.get(byExternal.get(item.customer) ?? item.customer)
      if (view === undefined) return void found.unknown.push(item.customer)
      const { tagId, on } = item
      const [reason, ...also] = reasonsOf(of, item)
      const verdict = verdictOf(
        (entries.get(view.id) ?? []).find(({ id }) => id === tagId),
        item,
        [reason, ...also],
      )
      found[verdict] += 1
      if (verdict !== 'changed') return
      await tag({
        key: `model:${of.model}:${key}:${view.id}`,
        customerId: view.id,
        externalUserId: view.externalUserId,
        userid: holderOf(view),
        add: on ? [tagId] : [],
        remove: on ? [] : [tagId],
        because: reason,
        also,
        at: clock.date(),
        source: 'system',
      })
    })
    const { changed, same, held } = found
    await audit.record({
      actor,
      act: 'tag.by_model',
      subject: `model:${of.model}`,
      detail: {
        key,
        ...(of.version === undefined ? {} : { version: of.version }),
        items: items.length,
        changed,
        same,
        held,
        unknown: found.unknown.length,
      },
    })
    return { ...found, unknown: [...new Set(found.unknown)] }
  }
