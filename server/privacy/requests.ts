import type { Certificate, NamedText, PrivacyRequest } from '@zhiyin/shared/privacy'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { privacyCollections, type ErasureDoc, type ExportDoc } from './privacy.model.ts'
import type { Titles } from './written.ts'

const most = 200

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  /** How many rooms an erasure goes through. */
  rooms: number
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** What texts of the company are called. */
  titles: Titles
}

type Asked = { readonly customerId: string; readonly reason: string; readonly by: string }

/** What persons have asked for: a copy of their data, or to be erased. */
export const createRequests = ({ mongo, clock, newId, rooms, customerNames, titles }: Deps) => {
  const { erasures, exports } = privacyCollections(mongo.connection)
  const iso = (at: Date | null): string | null => at?.toISOString() ?? null

  const customerOf = (id: string | null, names: ReadonlyMap<string, string>): PrivacyRequest['customer'] =>
    id === null ? null : { id, name: names.get(id) ?? id }
  const base = ({ _id, reason, by, at }: ErasureDoc | ExportDoc) => ({ id: _id, reason, by, at: at.toISOString() })
  const ofErasure = (doc: ErasureDoc, names: ReadonlyMap<string, string>, named: NamedText[]): PrivacyRequest => ({
    ...base(doc),
    kind: 'erasure',
    customer: customerOf(doc.customerId, names),
    state: doc.state,
    doneAt: doc.state === 'done' ? iso(doc.erasedAt) : null,
    progress: { done: doc.state === 'done' ? rooms : doc.rooms.length, of: rooms },
    expiresAt: null,
    named,
  })
  const ofExport = (doc: ExportDoc, names: ReadonlyMap<string, string>): PrivacyRequest => ({
    ...base(doc),
    kind: 'export',
    customer: customerOf(doc.customerId, names),
    state: doc.state,
    doneAt: iso(doc.doneAt),
    progress: { done: doc.doneAt === null ? 0 : 1, of: 1 },
    expiresAt: iso(doc.expiresAt),
    named: [],
  })

  const mentionsOf = ({ certificate }: ErasureDoc) => certificate?.named ?? []

  return {
    async askErasure({ customerId, reason, by }: Asked): Promise<string> {
      const open = await erasures.findOne({ customerId })
      if (open !== null) throw new AppError('privacy.under_way', { status: 409 })
      const now = clock.date()
      const doc: ErasureDoc = {
        _id: newId('erasure'),
        customerId,
        state: 'waiting',
        reason,
        by,
        at: now,
        person: null,
        subject: [],
        rooms: [],
        counts: {},
        erasedAt: null,
        certificate: null,
        failures: 0,
        lookAt: now,
      }
      await erasures.insertOne(doc)
      return doc._id
    },

    async askExport({ customerId, reason, by }: Asked): Promise<string> {
      const now = clock.date()
      const doc: ExportDoc = {
        _id: newId('dataExport'),
        customerId,
        state: 'waiting',
        reason,
        by,
        at: now,
        doneAt: null,
        expiresAt: null,
        failures: 0,
        lookAt: now,
      }
      await exports.insertOne(doc)
      return doc._id
    },

    /** The newest of both kinds, newest first; of one customer where that is asked for. */
    async list(customerId?: string): Promise<PrivacyRequest[]> {
      const filter = customerId === undefined ? {} : { customerId }
      const [gone, copies] = await Promise.all([
        erasures.find(filter).sort({ _id: -1 }).limit(most).toArray(),
        exports.find(filter).sort({ _id: -1 }).limit(most).toArray(),
      ])
      const ids = [...gone, ...copies].flatMap((doc) => doc.customerId ?? [])
      const names = await customerNames([...new Set(ids)])
      const titled = await titles(gone.flatMap(mentionsOf))
      return [
        ...gone.map((doc) => ofErasure(doc, names, mentionsOf(doc).map(titled))),
        ...copies.map((doc) => ofExport(doc, names)),
      ].sort((a, b) => (a.at < b.at ? 1 : -1))
    },

    /** Throws not_found while there is none yet. */
    async certificate(id: string): Promise<Certificate> {
      const doc = await erasures.findOne({ _id: id })
      if (doc?.certificate === undefined || doc.certificate === null) throw notFound('certificate', id)
      return doc.certificate
    },

    /** What is due of each kind; their next look is put off. */
    async due(now: Date): Promise<{ erasures: string[]; exports: string[] }> {
      const again = { $set: { lookAt: new Date(now.getTime() + 30_000) } }
      const idsOf = async (docs: typeof erasures | typeof exports): Promise<string[]> => {
        const found = await docs
          .find({ lookAt: { $lte: now } }, { projection: { _id: 1 } })
          .limit(50)
          .toArray()
        const ids = found.map(({ _id }) => _id)
        if (ids.length > 0) await docs.updateMany({ lookAt: { $lte: now } }, again)
        return ids
      }
      return { erasures: await idsOf(erasures), exports: await idsOf(exports) }
    },

    async pending(now: Date): Promise<number> {
      const due = { lookAt: { $lte: now } }
      const [a, b] = await Promise.all([erasures.countDocuments(due), exports.countDocuments(due)])
      return a + b
    },
  }
}

export type Requests = ReturnType<typeof createRequests>
