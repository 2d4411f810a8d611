import { usualOptOutWords } from '@zhiyin/shared/intent'
import { ingestApi } from '../../../server/api/ingest.ts'
import { createIngestRoom } from '../../../server/ingest/room.ts'
import type { Actor } from '../../../server/platform/actor.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import type { MovableClock } from '../../support/clock.ts'
import type { customerEngine } from '../../support/customers.ts'
import { serveApi, writeKey } from '../../support/http.ts'
import { quietLog } from '../../support/log.ts'

const member = (role: 'rep' | 'manager' | 'admin'): Actor => ({
  kind: 'member',
  userid: role,
  name: role,
  role,
  scope: null,
})

/** The real room behind the real API; signed in as `rep`, `manager` or `admin` by a cookie of that name. */
export const serveIngest = async (mongo: Mongo, engine: ReturnType<typeof customerEngine>, clock: MovableClock) => {
  const { profile } = engine
  const room = createIngestRoom({
    mongo,
    clock,
    newId: engine.newId,
    log: quietLog,
    zone: 'Asia/Shanghai',
    ensureCustomers: profile.ensureCustomers,
    linkIdentities: profile.identities.link,
    append: profile.take,
    optOutWords: async () => usualOptOutWords,
  })
  await Promise.all(Object.values(mongo.connection.models).map((model) => model.createIndexes()))
  const members = { rep: member('rep'), manager: member('manager'), admin: member('admin') }
  const served = await serveApi(ingestApi({ ...room, publicUrl: 'http://127.0.0.1', writeKey }), clock, members)
  return {
    ...served,
    room,
    close: async () => {
      await served.close()
      await room.received.close()
    },
  }
}
