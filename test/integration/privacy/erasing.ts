import type { Certificate } from '@zhiyin/shared/privacy'
import { createAuditRead } from '../../../server/audit/read.ts'
import { createIngestRoom } from '../../../server/ingest/room.ts'
import { createIds } from '../../../server/platform/id.ts'
import { joinPrivacy } from '../../../server/personal.ts'
import { createBorder, createBlind } from '../../../server/privacy/border.ts'
import { createGraves } from '../../../server/privacy/graves.ts'
import { privacyCollections } from '../../../server/privacy/privacy.model.ts'
import { createPrivacySettings } from '../../../server/privacy/settings.ts'
import { movableClock } from '../../support/clock.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import type { useMongo } from '../../support/mongo.ts'
import { testVault } from './vault.ts'

const reason = '本人要求'

/** Customers on a real database, and the room that erases them and copies what is held of them, with every other room it goes through. */
export const erasingRooms = (mongo: ReturnType<typeof useMongo>) => {
  const clock = movableClock()
  const vault = testVault()
  const made = mongo.get()
  const newId = createIds(clock)
  const graves = createGraves({ mongo: made, vault })
  const engine = customerEngine(made, clock, { blind: createBlind(vault) })
  const border = createBorder({ vault, graves, definitions: () => engine.definitions.get() })
  const facts = border.facts(engine.facts)
  const ingest = createIngestRoom({
    mongo: made,
    clock,
    newId,
    log: quietLog,
    zone: 'Asia/Shanghai',
    hide: border.hide,
    ensureCustomers: engine.profile.ensureCustomers,
    linkIdentities: engine.profile.identities.link,
    append: facts.append,
    optOutWords: async () => [],
  })
  const privacy = joinPrivacy({
    mongo: made,
    clock,
    log: quietLog,
    newId,
    enqueue: async () => undefined,
    vault,
    graves,
    border,
    settings: createPrivacySettings({ mongo: made, clock, onGrants: async () => undefined }),
    auditRead: createAuditRead(made),
    names: async () => new Map(),
    customerNames: async () => new Map(),
    customerIds: engine.read.idsAfter,
    ingest: ingest.personal,
    forgetInLinks: async () => undefined,
    forgetJobs: async () => 0,
    takeBack: async () => undefined,
    purgeImports: async () => 0,
  })
  const { erasures } = privacyCollections(made.connection)
  const work = privacy.jobs['privacy.work']

  return {
    clock,
    vault,
    engine,
    facts,
    privacy,
    newId,
    erasures,
    ingest,
    collection: (name: string) => made.connection.collection<{ _id: string; [field: string]: unknown }>(name),
    ask: (customerId: string, why = reason) => privacy.requests.askErasure({ customerId, reason: why, by: 'wangmin' }),
    /** One pass; the second one is the last. */
    pass: (id: string) => work({ what: 'erase', id }),
    async erase(customerId: string, why = reason): Promise<Certificate> {
      const id = await privacy.requests.askErasure({ customerId, reason: why, by: 'wangmin' })
      await work({ what: 'erase', id })
      await work({ what: 'erase', id })
      return privacy.requests.certificate(id)
    },
    /** Where a word stands, of every collection there is. */
    async where(...words: readonly string[]): Promise<string[]> {
      const { db } = made.connection
      const names = (await db?.listCollections().toArray()) ?? []
      const found = await Promise.all(
        names.map(async ({ name }) => {
          const text = JSON.stringify(await made.connection.collection(name).find({}).toArray())
          return words.flatMap((word) => (text.includes(word) ? [`${name}: ${word}`] : []))
        }),
      )
      return found.flat().sort()
    },
  }
}
