import { readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createActorOf } from '../api/actor-of.ts'
import { callbackRoutes } from '../callback/routes.ts'
import { closeQueues } from '../flow/enqueue.ts'
import { authRoutes } from '../members/auth-routes.ts'
import { ensureIndexesOf } from '../migrations/indexes.ts'
import { connectWorkerRedis } from '../platform/redis.ts'
import { verifyFileRoutes } from '../setup/verify-files.ts'
import { backlogsOf } from './backlogs.ts'
import { joinBase, type Start } from './base.ts'
import { joinBroadcasts } from './broadcasts.ts'
import { joinContacts } from './contacts.ts'
import { joinContent } from './content.ts'
import { joinDefined } from './defined.ts'
import { endpointsOf } from './endpoints/index.ts'
import { joinGroups } from './groups.ts'
import { joinIntake } from './intake.ts'
import { jobsOf } from './jobs.ts'
import { joinMeasure } from './measure.ts'
import { joinMembers } from './members.ts'
import { joinPrivacyRoom } from './privacy.ts'
import { joinProfile } from './profile.ts'
import { joinReads } from './reads.ts'
import type { Later, Rooms } from './rooms.ts'
import { joinRules } from './rules.ts'
import { joinSending } from './sending.ts'
import { joinSettings } from './settings.ts'
import { joinSetup } from './setup.ts'
import { sweepsOf } from './sweeps.ts'
import { joinTags } from './tags.ts'
import { bringUpToDate } from './up-to-date.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const version: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version

/** The rooms one after the other, each with what was made before it. */
const joinRooms = async (start: Start): Promise<Rooms> => {
  const later: Later = () => rooms
  const base = await joinBase(start, later)
  const reads = joinReads(base)
  const measuring = joinMeasure({ ...base, ...reads }, later)
  const ground = { ...base, ...reads, ...measuring, ...joinSettings({ ...base, ...reads }, later) }
  const content = joinContent(ground, later)
  const sending = joinSending({ ...ground, ...content }, later)
  const customers = joinProfile({ ...ground, ...content, ...sending }, later)
  const groups = joinGroups({ ...ground, ...content, ...sending, ...customers }, later)
  const pipeline = { ...ground, ...content, ...sending, ...customers, ...groups }
  const rules = joinRules(pipeline, later)
  const broadcasts = joinBroadcasts(pipeline)
  const defined = joinDefined({ ...pipeline, ...rules, ...broadcasts }, later)
  const tags = joinTags(pipeline, later)
  const members = joinMembers(pipeline)
  const contacts = joinContacts({ ...pipeline, ...rules, ...members })
  const intake = joinIntake({ ...pipeline, ...rules, ...tags, ...members, ...contacts })
  const privacy = joinPrivacyRoom({ ...pipeline, ...intake })
  const setup = joinSetup(pipeline)
  const rooms: Rooms = {
    ...pipeline,
    ...rules,
    ...broadcasts,
    ...defined,
    ...tags,
    ...members,
    ...contacts,
    ...intake,
    ...privacy,
    ...setup,
  }
  return rooms
}

/** Everything a role needs, made once and joined here: stores, adapter, stages, endpoints. Rejects when a store cannot be reached. */
export const createDeps = async ({
  upgrades = true,
  ...start
}: Start & {
  /** False where another thread of the process brings what was kept before into today's form. */
  upgrades?: boolean
}) => {
  const rooms = await joinRooms(start)
  const { config, log, clock, metrics, mongo, redis, queues, wecom, members, sessions, loginState, inbox } = rooms
  // Callbacks are taken in from the first moment on, each once; whatever reads more waits for `upToDate`.
  await ensureIndexesOf(mongo, 'Inbox')
  const upToDate = upgrades ? bringUpToDate(rooms) : rooms.profile.upgrade.started()
  // Whoever waits for it is told what went wrong.
  upToDate.catch(() => undefined)
  return {
    config,
    log,
    clock,
    metrics,
    root,
    version: typeof version === 'string' ? version : 'unknown',
    queues,
    handlers: jobsOf(rooms),
    sweeps: sweepsOf(rooms),
    backlogs: backlogsOf(rooms),
    bounds: endpointsOf(rooms),
    definitions: rooms.definitions,
    actorOf: createActorOf({
      adminApiKey: config.ADMIN_API_KEY,
      ingestWriteKey: config.INGEST_WRITE_KEY,
      memberOf: sessions.memberOf,
    }),
    callbackRoutes: callbackRoutes({ config, clock, append: inbox.append, refused: inbox.refused, metrics, log }),
    verifyFileRoutes: verifyFileRoutes(rooms.setup.files),
    linkRoutes: rooms.links.routes,
    authRoutes: authRoutes({ oauth: wecom.oauth, members, sessions, loginState, log }),
    /** What was kept before can be read, and every index stands. */
    upToDate,
    /** Callbacks may have been lost while no process was there. */
    compare: rooms.sync.started,
    connectWorker: () => connectWorkerRedis(config.REDIS_URL, log),
    checks: { mongo: mongo.ping, redis: () => redis.ping() },
    close: async () => {
      await inbox.close()
      await rooms.faults.close()
      await rooms.dataIn.received.close()
      await closeQueues(queues)
      redis.disconnect()
      await mongo.close()
    },
  }
}

export type Deps = Awaited<ReturnType<typeof createDeps>>
