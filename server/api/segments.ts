import type { z } from 'zod'
import { segments as endpoints } from '@zhiyin/shared/api/segments'
import type { Freshness, Segment, SegmentExport, SegmentMember, SegmentUse } from '@zhiyin/shared/segment'
import { changeSegmentList } from '../commands/change-segment-list.ts'
import { exportSegment, makerOf } from '../commands/export-segment.ts'
import { writeSegment } from '../commands/write-segment.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Segments } from '../segments/segments.ts'
import { bind, type Bound } from './bind.ts'

type Deps = { segments: Segments; audit: Parameters<typeof writeSegment>[0]['audit'] }
type Stored = Awaited<ReturnType<Segments['get']>>
type Filed = Awaited<ReturnType<Segments['exports']['get']>>
type Member = Awaited<ReturnType<Segments['members']>>['items'][number]
type Tried = Awaited<ReturnType<Segments['count']>>['members'][number]

const ok: { ok: true } = { ok: true }

const present = (doc: Stored, members: number): Segment => ({
  id: doc._id,
  kind: doc.kind,
  name: doc.name,
  note: doc.note,
  condition: doc.condition,
  on: doc.on,
  version: doc.version,
  members,
  building: doc.changedAt !== undefined,
  filling: doc.filling === undefined ? null : { done: doc.filling.done, total: doc.filling.total },
  createdAt: doc.createdAt.toISOString(),
  createdBy: doc.createdBy,
  updatedAt: doc.updatedAt.toISOString(),
  updatedBy: doc.updatedBy,
})

const memberOf = ({ view, because }: Tried, since: Date | null): z.input<typeof SegmentMember> => ({
  id: view.id,
  name: view.name,
  stage: view.stage.stage,
  tier: view.tier.tier,
  since: since?.toISOString() ?? null,
  because: [...because],
})
const presentMember = ({ since, ...rest }: Member): z.input<typeof SegmentMember> => memberOf(rest, since)

const presentExport = (doc: Filed): SegmentExport => ({
  id: doc._id,
  segmentId: doc.segmentId,
  segment: doc.segment,
  state: doc.state,
  way: { done: doc.done, total: Math.max(doc.total, doc.done) },
  rows: doc.rows,
  withheld: doc.withheld,
  clear: doc.clear,
  reason: doc.reason,
  createdAt: doc.createdAt.toISOString(),
  createdBy: doc.createdBy,
  expiresAt: doc.expiresAt.toISOString(),
})

export const segmentsApi = ({ segments, audit }: Deps): Bound[] => {
  const write = writeSegment({ segments, audit })
  const list = changeSegmentList({ segments, audit })
  const file = exportSegment({ segments, audit })
  const one = async (actor: SignedIn, doc: Stored): Promise<Segment> =>
    present(doc, (await segments.memberCounts([doc._id], scopeOf(actor))).get(doc._id) ?? 0)
  const freshness = async (): Promise<Freshness> => {
    const { asOf, ...rest } = await segments.freshness()
    return { asOf: asOf.toISOString(), ...rest }
  }
  const usedBy = async (id: string): Promise<SegmentUse[]> =>
    (await segments.usedBy(id)).map((use) => ({ kind: use.kind, id: use.id, name: use.name }))

  return [
    bind(endpoints.list, async ({ actor }) => {
      const found = await segments.all()
      const ids = found.map(({ _id }) => _id)
      const [counts, fresh] = await Promise.all([segments.memberCounts(ids, scopeOf(actor)), freshness()])
      return { items: found.map((doc) => present(doc, counts.get(doc._id) ?? 0)), freshness: fresh }
    }),
    bind(endpoints.vocabulary, () => segments.vocabulary()),
    bind(endpoints.count, async ({ actor, body }) => {
      const scope = scopeOf(actor)
      const { total, withheld, ms, members } = await segments.count(body.condition, scope, body.everybody)
      return { total, withheld, ms, scoped: scope !== null, members: members.map((member) => memberOf(member, null)) }
    }),
    bind(endpoints.create, async ({ actor, body }) => one(actor, await write.create(actor, body))),
    bind(endpoints.get, async ({ actor, params }) => {
      const [segment, uses, fresh] = await Promise.all([
        segments.get(params.id).then((doc) => one(actor, doc)),
        usedBy(params.id),
        freshness(),
      ])
      return { segment, usedBy: uses, freshness: fresh }
    }),
    bind(endpoints.update, async ({ actor, params, body }) =>
      one(actor, await write.update(actor, params.id, body.version, body.segment)),
    ),
    bind(endpoints.turn, async ({ actor, params, body }) => one(actor, await write.turn(actor, params.id, body.on))),
    bind(endpoints.remove, async ({ actor, params }) => {
      await write.remove(actor, params.id)
      return ok
    }),
    bind(endpoints.members, async ({ actor, params, query }) => {
      const { limit, after } = query
      const page = { after: after ?? null, limit, scope: scopeOf(actor) }
      const { items, next } = await segments.members(await segments.get(params.id), page)
      return { items: items.map(presentMember), next }
    }),
    bind(endpoints.put, ({ actor, params, body }) => list.put(actor, params.id, body.who)),
    bind(endpoints.take, ({ actor, params, body }) => list.take(actor, params.id, body.who)),
    bind(endpoints.fill, async ({ actor, params, body }) =>
      one(actor, await list.fill(actor, params.id, body.condition)),
    ),
    bind(endpoints.exports, async ({ actor, params }) => ({
      items: (await segments.exports.list(params.id, makerOf(actor))).map(presentExport),
    })),
    bind(endpoints.forecast, async ({ actor, params }) => {
      const { _id } = await segments.get(params.id)
      return segments.exports.forecast(_id, scopeOf(actor))
    }),
    bind(endpoints.export, async ({ actor, params, body, lang }) =>
      presentExport(await file.create(actor, params.id, { ...body, lang })),
    ),
    bind(endpoints.download, ({ actor, params }) => file.download(actor, params.id)),
  ]
}
