import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import { hasRole, nameOf, scopeOf, type SignedIn } from '../platform/actor.ts'
import { AppError, forbidden } from '../platform/errors.ts'
import type { Segments } from '../segments/segments.ts'

type Deps = { segments: Pick<Segments, 'exports'>; audit: Audit }
type Ask = { readonly clear: boolean; readonly reason: string; readonly lang: Lang }

/** Whose files somebody gets: an admin everybody's (null), others their own. */
export const makerOf = (actor: SignedIn): string | null =>
  actor.kind === 'member' && actor.role !== 'admin' ? actor.userid : null

/** A manager exports the members of a segment; in the clear only an admin, who says why. Every file fetched is written down. */
export const exportSegment = ({ segments, audit }: Deps) => ({
  create: async (actor: SignedIn, segmentId: string, { clear, reason, lang }: Ask) => {
    if (clear && !hasRole(actor, 'admin')) throw forbidden('admin')
    if (clear && reason === '') throw new AppError('segment.reason', { status: 422 })
    const made = await segments.exports.create({
      segmentId,
      within: scopeOf(actor),
      clear,
      reason,
      lang,
      by: nameOf(actor),
      makerId: actor.kind === 'member' ? actor.userid : null,
    })
    const detail = { export: made._id, clear, reason, total: made.total }
    await audit.record({ actor, act: 'segment.export', subject: `segment:${segmentId}`, detail })
    return made
  },
  download: async (actor: SignedIn, id: string) => {
    const doc = await segments.exports.get(id)
    const maker = makerOf(actor)
    if (maker !== null && doc.makerId !== maker) throw forbidden('admin')
    const { rows, bytes } = await segments.exports.file(doc)
    const detail = { export: id, clear: doc.clear, rows }
    await audit.record({ actor, act: 'segment.download', subject: `segment:${doc.segmentId}`, detail })
    const day = doc.createdAt.toISOString().slice(0, 10)
    return { mime: 'text/csv', name: `${doc.segment.replace(/[/\\?%*:|"<>]/g, '_')}-${day}.csv`, bytes }
  },
})
