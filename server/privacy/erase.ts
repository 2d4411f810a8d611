import { createHash } from 'node:crypto'
import mongoose from 'mongoose'
import { z } from 'zod'
import type { Certificate } from '@zhiyin/shared/privacy'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import { keptByLaw } from './kept.ts'
import type { Graves } from './graves.ts'
import { privacyCollections, type ErasureDoc } from './privacy.model.ts'
import { createNaming, inFields } from './naming.ts'
import type { Texts } from './texts.ts'
import type { Counts, ForgetInAudit, Holding, Person } from './types.ts'

/** What was on its way when somebody was erased has arrived by then. */
export const settleMs = 60_000
const againMs = 30_000

const PersonText = z.object({
  customerId: z.string(),
  keys: z.array(z.string()),
  externalUserIds: z.array(z.string()),
  contacts: z.array(z.string()),
  userids: z.array(z.string()),
  names: z.array(z.string()),
  /** Absent in one begun before there were any. */
  indexes: z.array(z.string()).default([]),
  /** Likewise. */
  ids: z.array(z.string()).optional(),
})

export type EraseDeps = {
  mongo: Mongo
  clock: Clock
  log: Log
  vault: Pick<Vault, 'sealBytes' | 'openBytes'>
  graves: Graves
  personOf: (customerId: string) => Promise<Person | null>
  /** Entries about them lose whom they are about. */
  forgetInAudit: ForgetInAudit
  /** Every room that holds something; the profile first, so that nobody finds them any more. */
  holdings: readonly Holding[]
  /** Texts of the company that still name them. */
  named: Texts['named']
}

const sum = (a: Counts, b: Counts): Counts => ({
  ...a,
  ...Object.fromEntries(Object.entries(b).map(([what, count]) => [what, (a[what] ?? 0) + count])),
})

/** `hash` is over everything before it. */
export const certify = (doc: ErasureDoc, erasedAt: Date, named: NonNullable<Certificate['named']>): Certificate => {
  const body = {
    id: doc._id,
    subject: doc.subject,
    reason: doc.reason,
    requestedBy: doc.by,
    requestedAt: doc.at.toISOString(),
    erasedAt: erasedAt.toISOString(),
    erased: Object.entries(doc.counts).flatMap(([room, counts]) =>
      Object.entries(counts).map(([what, count]) => ({ room, what, count })),
    ),
    kept: [...keptByLaw],
    named,
  }
  return { ...body, hash: createHash('sha256').update(JSON.stringify(body)).digest('hex') }
}

/**
 * Erases somebody room by room, noting each; after a crash it goes on with the next one. When all are done it waits a minute and goes
 * through them once more, for what was on its way. Then the certificate is all that is left.
 */
export const createErase = (deps: EraseDeps) => {
  const { mongo, clock, log, vault, graves, personOf, forgetInAudit, holdings, named } = deps
  const { erasures } = privacyCollections(mongo.connection)
  /** Answers false, and writes nothing, where another run has brought it further than `as` found it. */
  const save = async (as: Pick<ErasureDoc, '_id' | 'state' | 'rooms'>, set: Partial<ErasureDoc>): Promise<boolean> => {
    const { _id, state, rooms } = as
    return (await erasures.updateOne({ _id, state, rooms }, { $set: set })).matchedCount === 1
  }
  const in_ = (ms: number): Date => new Date(clock.now() + ms)

  const begin = async (doc: ErasureDoc): Promise<ErasureDoc | null> => {
    const customerId = doc.customerId ?? ''
    const nobody = {
      customerId,
      ids: [customerId],
      keys: [],
      externalUserIds: [],
      contacts: [],
      userids: [],
      names: [],
      indexes: [],
    }
    const person = (await personOf(customerId)) ?? nobody
    const external = person.externalUserIds.map((id) => `external_userid:${id}`)
    const keys = [...new Set([...person.keys, ...external])]
    const erasedAt = clock.date()
    await graves.bury(keys, doc._id, erasedAt)
    const set = {
      state: 'working' as const,
      person: new mongoose.mongo.Binary(vault.sealBytes(Buffer.from(JSON.stringify(person)))),
      subject: keys.map(graves.hashOf),
      erasedAt,
    }
    return (await save(doc, set)) ? { ...doc, ...set } : null
  }

  const personIn = ({ person }: ErasureDoc): Person => {
    const opened = person === null ? null : vault.openBytes(person.buffer.subarray(0, person.position))
    if (opened === null) throw new Error('PII_KEYS lacks the key with which this erasure was begun')
    const told = PersonText.parse(JSON.parse(Buffer.from(opened).toString('utf8')))
    return { ...told, ids: told.ids ?? [told.customerId] }
  }

  const pass = async (doc: ErasureDoc): Promise<ErasureDoc | null> => {
    const person = personIn(doc)
    let now = doc
    for (const { room, forget } of holdings) {
      if (now.rooms.includes(room)) continue
      const counts = { ...now.counts, [room]: sum(now.counts[room] ?? {}, await forget(person)) }
      const rooms = [...now.rooms, room]
      if (!(await save(now, { rooms, counts, lookAt: in_(againMs) }))) return null
      now = { ...now, rooms, counts }
    }
    return now
  }

  const finish = async (doc: ErasureDoc): Promise<void> => {
    const person = personIn(doc)
    // Why they were erased was written by hand, and may say who they were.
    const without = (text: string): string => createNaming(person).masked(text, true)
    const audit = await forgetInAudit(person.ids, doc._id, (detail) => inFields(detail, without))
    const left = await named(person)
    const reason = without(doc.reason)
    const done = { ...doc, reason, counts: { ...doc.counts, audit } }
    const certificate = certify(done, doc.erasedAt ?? clock.date(), left)
    await erasures.updateOne(
      { _id: doc._id, state: 'checking' },
      {
        $set: { state: 'done', reason, certificate, person: null, customerId: null, rooms: [] },
        $unset: { lookAt: 1 },
      },
    )
    log.info({ erasure: doc._id }, 'somebody was erased')
  }

  /** Goes on with one erasure that is due; of two runs at once the one that is behind stops. */
  return async (id: string): Promise<void> => {
    const found = await erasures.findOne({ _id: id, lookAt: { $exists: true } })
    if (found === null) return
    const doc = found.state === 'waiting' ? await begin(found) : found
    const done = doc === null ? null : await pass(doc)
    if (done === null) return
    if (done.state === 'checking') return finish(done)
    await save(done, { state: 'checking', rooms: [], lookAt: in_(settleMs) })
  }
}
