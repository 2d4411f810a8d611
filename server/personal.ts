import type { AuditRead } from './audit/read.ts'
import { createAuditKeeping } from './audit/personal.ts'
import { createChannelsPersonal } from './channels/personal.ts'
import { createFactMentions } from './events/mentions.ts'
import { createFactsPersonal } from './events/personal.ts'
import { createPurgeBehaviours } from './events/purge.ts'
import { createFactsRead } from './events/read.ts'
import { createResealFacts } from './events/reseal.ts'
import type { Enqueue } from './flow/jobs.ts'
import { createGroupsPersonal } from './groups/personal.ts'
import { createImportsPersonal } from './imports/personal.ts'
import { createInboxPersonal } from './inbox/personal.ts'
import { createPurgeInbox } from './inbox/purge.ts'
import { createLossesPersonal } from './losses/personal.ts'
import { createMeasurePersonal } from './measure/personal.ts'
import { createOutboxPersonal } from './outbox/personal.ts'
import type { Clock } from './platform/clock.ts'
import type { NewId } from './platform/id.ts'
import type { Log } from './platform/log.ts'
import type { Mongo } from './platform/mongo.ts'
import { createResealBytes } from './platform/reseal-bytes.ts'
import { createResealDocs } from './platform/reseal-docs.ts'
import type { Vault } from './platform/vault.ts'
import type { Border } from './privacy/border.ts'
import type { Graves } from './privacy/graves.ts'
import { untilNothing, type Purge } from './privacy/retain.ts'
import { createPrivacy, type Privacy } from './privacy/room.ts'
import type { Holding, Person } from './privacy/types.ts'
import type { PrivacySettingsStore } from './privacy/settings.ts'
import { createPersonOf, createProfilePersonal } from './profile/personal.ts'
import { createResealCustomers } from './profile/reseal.ts'
import { createRulesPersonal } from './rules/personal.ts'
import { createSegmentsPersonal } from './segments/personal.ts'
import { createSyncPersonal } from './sync/personal.ts'
import { createTasksPersonal } from './tasks/personal.ts'
import { createTiersPersonal } from './tiers/personal.ts'
import { createTransfersPersonal } from './transfers/personal.ts'

type Deps = {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  vault: Vault
  graves: Graves
  border: Border
  settings: PrivacySettingsStore
  auditRead: AuditRead
  /** Of members by userid. */
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  customerNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  /** The next customers in the order of ids. */
  customerIds: (after: string | null, limit: number) => Promise<string[]>
  /** Messages of shops. */
  ingest: Holding
  forgetInLinks: (customerId: string) => Promise<void>
  /** Jobs that name somebody by one of these words. */
  forgetJobs: (words: readonly string[]) => Promise<number>
  /** Messages to somebody that have not reached them yet. */
  takeBack: (customerId: string) => Promise<void>
  purgeImports: (before: Date, limit: number) => Promise<number>
}

/** Texts in which something may be sealed, by collection and field. */
const texts = [
  ['backtests', 'examples'],
  ['importrejects', 'cells'],
  ['importorders', 'lines'],
  ['rejects', 'who', 'raw'],
  ['ingestRecent', 'items'],
  ['intents', 'body', 'app', 'robot', 'fallback'],
  ['messages', 'preview'],
  ['tasks', 'title'],
] as const

/** A room whose records of a person say nothing that others do not say too. */
const forgetOnly = (room: string, forget: (person: Person) => Promise<void>): Holding => ({
  room,
  collect: async () => ({}),
  async forget(person) {
    await forget(person)
    return {}
  },
})

/** One after the other, by each of their numbers. */
const forEach =
  (forget: (customerId: string) => Promise<void>) =>
  async ({ ids }: Person): Promise<void> => {
    for (const id of ids) await forget(id)
  }

/** Joins consent and privacy with every room that holds something of persons. A room that comes to hold more is put in here. */
export const joinPrivacy = (deps: Deps): Privacy => {
  const { mongo, clock, vault, border } = deps
  const auditKeeping = createAuditKeeping(mongo)
  const purgeBehaviours = createPurgeBehaviours(mongo)
  const behaviours: Purge = async (before, after, limit) => {
    const ids = await deps.customerIds(after, limit)
    const deleted = ids.length === 0 ? 0 : await purgeBehaviours(ids, before)
    return { deleted, after: ids.length < limit ? null : (ids.at(-1) ?? null) }
  }
  return createPrivacy({
    ...deps,
    personOf: createPersonOf({ mongo, vault, facts: createFactsRead(mongo) }),
    holdings: [
      createProfilePersonal(mongo),
      createFactsPersonal(mongo),
      createInboxPersonal(mongo),
      forgetOnly('waiting', forEach(deps.takeBack)),
      createOutboxPersonal({ mongo, clock }),
      createTasksPersonal(mongo),
      createTiersPersonal(mongo),
      createRulesPersonal(mongo),
      createMeasurePersonal(mongo),
      createGroupsPersonal(mongo, deps.newId, createFactMentions(mongo, deps.newId)),
      createTransfersPersonal(mongo),
      createLossesPersonal(mongo),
      createChannelsPersonal(mongo),
      createSyncPersonal(mongo),
      createImportsPersonal({ mongo, vault }),
      createSegmentsPersonal({ mongo, vault }),
      deps.ingest,
      forgetOnly('links', forEach(deps.forgetInLinks)),
      {
        room: 'queues',
        collect: async () => ({}),
        forget: async ({ ids, keys, externalUserIds, contacts, names, indexes }) => {
          const said = [...contacts, ...names, ...indexes].filter((word) => word !== '')
          return { jobs: await deps.forgetJobs([...ids, ...keys, ...externalUserIds, ...said]) }
        },
      },
    ],
    forgetInAudit: auditKeeping.forget,
    purges: {
      inbox: untilNothing(createPurgeInbox(mongo)),
      behaviours,
      imports: untilNothing(deps.purgeImports),
      audit: untilNothing(auditKeeping.purge),
    },
    reseals: [
      createResealBytes(mongo.connection, 'importpieces', vault),
      createResealBytes(mongo.connection, 'dataexportpieces', vault),
      createResealBytes(mongo.connection, 'segmentexportpieces', vault),
      createResealBytes(mongo.connection, 'erasures', vault, 'person'),
      ...texts.map(([name, ...fields]) =>
        createResealDocs(mongo.connection, name, fields, (own) => vault.renew(vault.sealTexts(own))),
      ),
      createResealFacts(mongo, async (facts) => (await border.seal.facts(facts)).map(vault.renew)),
      createResealCustomers(mongo, async (whole) => vault.renew(await border.seal.customer(whole))),
    ],
    marked: border.sensitive.text,
  })
}
