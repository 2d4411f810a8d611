import { noConsents } from '@zhiyin/shared/consent'
import { SendLimits } from '@zhiyin/shared/intent'
import { closeQueues, createEnqueue, createQueues } from '../../server/flow/enqueue.ts'
import { lanes, type JobHandlers } from '../../server/flow/jobs.ts'
import { startWorkers } from '../../server/flow/run.ts'
import { startSweeps } from '../../server/flow/sweep.ts'
import { ensureIndexes } from '../../server/migrations/indexes.ts'
import { createOutbox, type Outbox } from '../../server/outbox/outbox.ts'
import { createCalendar } from '../../server/calendar/calendar.ts'
import { createMedia } from '../../server/media/media.ts'
import { createPace } from '../../server/outbox/pace.ts'
import { systemClock } from '../../server/platform/clock.ts'
import { loadConfig } from '../../server/platform/config.ts'
import { createIds } from '../../server/platform/id.ts'
import { createLog } from '../../server/platform/log.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import { connectMongo, type Mongo } from '../../server/platform/mongo.ts'
import { connectRedis, connectWorkerRedis } from '../../server/platform/redis.ts'
import type { CustomerView } from '../../server/profile/view.ts'
import { createWecom } from '../../server/wecom/create.ts'
import type { Stack } from '../../sandbox/stack/stack.ts'

const since = new Date('2026-01-01T00:00:00Z')
/** A customer of one rep, as the outbox looks at them; `externalUserId` is asked of the intent. */
const viewOf = (id: string, userid: string): CustomerView => ({
  id,
  name: id,
  externalUserId: `wm${id}`,
  stage: { stage: 'silent', since, because: [] },
  tier: { tier: 'B', since },
  levels: [],
  segments: [],
  groupIds: [],
  attrs: [],
  events: [],
  tagIds: [],
  orders: 2,
  spend: 10_000,
  lastSeenAt: since,
  lastOrderAt: since,
  lastProduct: null,
  purchases: 0,
  medianGapDays: null,
  follows: [{ userid, state: 'following', since, channelId: null }],
  consent: 'granted',
  consents: { ...noConsents, marketing: 'granted' },
})

export type OutboxRooms = { outbox: Outbox; mongo: Mongo; close(): Promise<void> }
type Wanted = {
  /** Who holds a customer. */
  readonly repOf: (customerId: string) => string
  /** How long a mass message waits for others that can go out with it. */
  readonly gatherMs: number
}

/** The product's outbox with its own queues and workers in this process, on the database, Redis and WeCom of a stack. */
export const startOutbox = async (stack: Stack, { repOf, gatherMs }: Wanted): Promise<OutboxRooms> => {
  const { secrets, mongoUrl, redisUrl, wecomUrl, publicUrl } = stack
  const config = loadConfig({
    ...secrets,
    PUBLIC_URL: publicUrl,
    MONGODB_URL: mongoUrl.replace('/zhiyin?', '/bench?'),
    REDIS_URL: redisUrl,
    WECOM_API_BASE: wecomUrl,
  })
  const log = createLog('error')
  const [mongo, redis, metrics] = [
    await connectMongo(config.MONGODB_URL, log),
    connectRedis(redisUrl, log),
    createMetrics(),
  ]
  const newId = createIds(systemClock)
  const queues = createQueues(redis)
  const wecom = createWecom({ config, redis, clock: systemClock, log, metrics })
  const enqueue = createEnqueue(queues, log)
  const bound = () => Promise.resolve(new Set<string>())
  const media = createMedia({ mongo, clock: systemClock, log, newId, enqueue, wecom: wecom.media, bound })
  const outbox = createOutbox({
    mongo,
    clock: systemClock,
    log,
    newId,
    enqueue,
    metrics,
    zone: config.TIMEZONE,
    calendar: createCalendar({ mongo, clock: systemClock, log }),
    write: wecom.write,
    read: wecom.read,
    pace: createPace(redis, systemClock),
    media: { ...media, bytes: async (id) => media.files.bytesOf(await media.files.get(id)) },
    limits: () =>
      Promise.resolve(
        SendLimits.parse({
          quietHours: null,
          perDay: 100,
          perWeek: 500,
          perMonth: 2000,
          platform: { period: 'day', count: 31 },
        }),
      ),
    views: (ids) => Promise.resolve(ids.map((id) => viewOf(id, repOf(id)))),
    names: (ids) => Promise.resolve(new Map(ids.map((id) => [id, id]))),
    webhookOf: () => Promise.resolve(null),
    appendFacts: () => Promise.resolve(),
    createTasks: () => Promise.resolve(),
    gatherMs,
  })
  await ensureIndexes(mongo)
  const nothing = (): Promise<void> => Promise.resolve()
  const handlers: JobHandlers = {
    'privacy.work': nothing,
    'inbox.handle': nothing,
    'inbox.handle_now': nothing,
    'facts.deliver': nothing,
    'profile.merge': nothing,
    'profile.due': nothing,
    'profile.recompute': nothing,
    'profile.upgrade': nothing,
    'rules.advance': nothing,
    'rules.schedule': nothing,
    'rules.webhook': nothing,
    'rules.backtest': nothing,
    'results.check': nothing,
    'results.list_manual': nothing,
    'results.check_manual': nothing,
    'broadcasts.build': nothing,
    'tags.work': nothing,
    'sync.step': nothing,
    'sync.confirm': nothing,
    'imports.step': nothing,
    'attributes.backfill': nothing,
    'attributes.quality': nothing,
    'tiers.work': nothing,
    'segments.fill': nothing,
    'segments.export': nothing,
    'media.renew': nothing,
    'channels.serve': nothing,
    'transfers.run': nothing,
    'transfers.leavers': nothing,
    'groups.sync': nothing,
    'groups.stats': nothing,
    ...outbox.jobs,
  }
  const workers = startWorkers({ handlers, connect: () => connectWorkerRedis(redisUrl, log), log, metrics, lanes })
  const sweeping = startSweeps({ sweeps: [outbox.sweep], clock: systemClock, log })
  return {
    outbox,
    mongo,
    close: async () => {
      await sweeping.close()
      await workers.close()
      await closeQueues(queues)
      redis.disconnect()
      await mongo.close()
    },
  }
}
