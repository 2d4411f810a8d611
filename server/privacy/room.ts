import type { RetentionKind } from '@zhiyin/shared/privacy'
import type { Enqueue, JobPayload } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Vault } from '../platform/vault.ts'
import type { AuditRead } from '../audit/read.ts'
import { createErase } from './erase.ts'
import { createExports } from './export.ts'
import { createGatherer } from './gather.ts'
import type { Graves } from './graves.ts'
import { createRequests } from './requests.ts'
import { createRetain, type Purge } from './retain.ts'
import { createRotation, type Reseal } from './rotate.ts'
import type { PrivacySettingsStore } from './settings.ts'
import { createTexts } from './texts.ts'
import type { ForgetInAudit, Holding, Person } from './types.ts'
import { createTitles } from './written.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  vault: Vault
  graves: Graves
  settings: PrivacySettingsStore
  personOf: (customerId: string) => Promise<Person | null>
  /** The rooms that hold something of persons, the profile first. */
  holdings: readonly Holding[]
  auditRead: AuditRead
  /** Entries about somebody erased lose whom they are about. */
  forgetInAudit: ForgetInAudit
  /** Of members by userid. */
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  purges: Readonly<Record<Exclude<RetentionKind, 'exports'>, Purge>>
  reseals: readonly Reseal[]
  marked: () => Promise<string>
}

/** Copies are deleted at their own moment. */
const nothing: Purge = async () => ({ deleted: 0, after: null })

/** Consent and privacy: copies of one person's data, erasure, retention, keys. */
export const createPrivacy = (deps: Deps) => {
  const { mongo, clock, vault, settings, enqueue, holdings } = deps
  const gather = createGatherer({ ...deps, audit: deps.auditRead })
  const retain = createRetain({ ...deps, purges: { ...deps.purges, exports: nothing } })
  const exports = createExports({
    mongo,
    clock,
    vault,
    settings,
    gather,
    names: deps.names,
    onExpired: (files) => retain.note('exports', files),
  })
  const texts = createTexts(mongo.connection)
  const all = [...holdings, texts.holding, exports.personal]
  const erase = createErase({ ...deps, holdings: all, named: texts.named })
  const requests = createRequests({ ...deps, rooms: all.length, titles: createTitles(mongo.connection) })
  const rotation = createRotation({ ...deps, parts: deps.reseals })

  const work = async ({ what, id }: JobPayload<'privacy.work'>): Promise<void> => {
    if (what === 'erase') return erase(id)
    if (what === 'export') return exports.work(id)
    if (what === 'rotate') {
      if (await rotation.work()) await enqueue('privacy.work', { what, id })
      return
    }
    await texts.retire()
    const kind = (await retain.states()).find((one) => one.kind === id)?.kind
    if (kind !== undefined && (await retain.work(kind))) await enqueue('privacy.work', { what, id })
  }

  const sweep: Sweep = {
    stage: 'privacy',
    async run(now) {
      const due = await requests.due(now)
      const kinds = await retain.due(now)
      const jobs: JobPayload<'privacy.work'>[] = [
        ...due.erasures.map((id) => ({ what: 'erase' as const, id })),
        ...due.exports.map((id) => ({ what: 'export' as const, id })),
        ...kinds.map((id) => ({ what: 'retain' as const, id })),
        ...((await rotation.due(now)) ? [{ what: 'rotate' as const, id: 'keys' }] : []),
      ]
      for (const job of jobs) await enqueue('privacy.work', job)
      return jobs.length
    },
  }
  const backlog: BacklogOf = {
    stage: 'privacy',
    count: async (now) => ({ pending: 0, due: await requests.pending(now), dead: 0, oldestAt: null }),
  }

  return { requests, exports, retain, rotation, settings, jobs: { 'privacy.work': work }, sweep, backlog }
}

export type Privacy = ReturnType<typeof createPrivacy>
