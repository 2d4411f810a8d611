import { noConsents } from '@zhiyin/shared/consent'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SendLimits } from '@zhiyin/shared/intent'
import { bareBullmq } from './lib/bare-bullmq.ts'
import type { Bench } from './main.ts'
import { median } from './lib/report.ts'
import { closeQueues, createEnqueue, createQueues } from '../server/flow/enqueue.ts'
import { lanes, type JobHandlers } from '../server/flow/jobs.ts'
import { startWorkers } from '../server/flow/run.ts'
import { startSweeps } from '../server/flow/sweep.ts'
import { ensureIndexes } from '../server/migrations/indexes.ts'
import { createOutbox } from '../server/outbox/outbox.ts'
import { createCalendar } from '../server/calendar/calendar.ts'
import { createMedia } from '../server/media/media.ts'
import { createPace } from '../server/outbox/pace.ts'
import { systemClock } from '../server/platform/clock.ts'
import { loadConfig } from '../server/platform/config.ts'
import { createIds } from '../server/platform/id.ts'
import { createLog } from '../server/platform/log.ts'
import { createMetrics } from '../server/platform/metrics.ts'
import { connectMongo } from '../server/platform/mongo.ts'
import { connectRedis, connectWorkerRedis } from '../server/platform/redis.ts'
import type { CustomerView } from '../server/profile/view.ts'
import { createWecom } from '../server/wecom/create.ts'
import { startStack, type Stack } from '../sandbox/stack/stack.ts'
import { admin } from '../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../sandbox/wecom/admin/client.ts'

const rounds = 3
const sends = 4000
const reps = 10
const chunk = 500

/** Who holds the customer with this index. */
const repOf = (index: number): string => `rep${index % reps}`

const since = new Date('2026-01-01T00:00:00Z')
const viewOf = (id: string): CustomerView => ({
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
  medianGapDays: null,
  follows: [{ userid: repOf(Number(id.slice(1))), state: 'following', since, channelId: null }],
  consent: 'granted',
  consents: { ...noConsents, marketing: 'granted' },
})

/** People who exist in the stand-in, so that WeCom takes every receiver. Their callbacks and WeCom's call limits are not wanted here. */
const populate = async (stack: Stack): Promise<string[]> => {
  const act = createAdminClient(stack.wecomUrl)
  await act(admin.callbacks.setMode, { body: { dropPercent: 100 } })
  await act(admin.limits.change, { body: { perMinute: null, addressPerMinute: null } })
  for (let rep = 0; rep < reps; rep++)
    await act(admin.company.saveMember, { body: { userid: `rep${rep}`, name: `顾问${rep}` } })
  const ids: string[] = []
  for (let index = 0; index < sends; index += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_each, offset) => {
        const { external_userid } = await act(admin.customers.create, { body: { name: `客户${index + offset}` } })
        ids.push(external_userid)
        await act(admin.customers.add, { body: { userid: repOf(ids.length - 1), external_userid } })
      }),
    )
  return ids
}

/**
 * Mass sends per second through the outbox, from wanted to sent (permitted with caps counted, claimed, called, settled), with the real
 * queues, database and stand-in, against bare BullMQ adding (in bulk) and processing as many empty jobs; the two in turn.
 */
export const bench: Bench = {
  targets: { ratio: { atLeast: 0.3 } },
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    await stack.processes.worker?.stop()
    const people = await populate(stack)
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
      views: (ids) => Promise.resolve(ids.map(viewOf)),
      names: (ids) => Promise.resolve(new Map(ids.map((id) => [id, id]))),
      webhookOf: () => Promise.resolve(null),
      appendFacts: () => Promise.resolve(),
      createTasks: () => Promise.resolve(),
      gatherMs: 0,
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
    const intents = mongo.connection.collection('intents')

    const ours = async (round: number): Promise<number> => {
      const began = performance.now()
      for (let from = 0; from < sends; from += chunk)
        await outbox.wantMany(
          people.slice(from, from + chunk).map((externalUserId, i) => ({
            key: `${round}:${from + i}`,
            channel: 'mass',
            customerId: `c${from + i}`,
            externalUserId,
            userid: repOf(from + i),
            body: { text: `第 ${round} 轮`, attachments: [] },
            cause: { ruleId: `r${round}`, rule: '召回', runId: `run${round}:${from + i}`, stepId: 's1' },
            expiresAt: new Date(Date.now() + 86_400_000),
          })),
        )
      // One look into the index of what is unfinished: counting the settled ones would be a load of its own.
      const unfinished = { state: { $in: ['wanted', 'permitted', 'claimed', 'unsure'] }, lookAt: { $exists: true } }
      while ((await intents.findOne(unfinished, { projection: { _id: 1 } })) !== null) await sleep(10)
      return sends / ((performance.now() - began) / 1000)
    }

    try {
      const [own, bare, ratios]: [number[], number[], number[]] = [[], [], []]
      for (let round = 0; round < rounds; round++) {
        const mine = await ours(round)
        const theirs = await bareBullmq(redisUrl, `bare${round}`, sends)
        own.push(mine)
        bare.push(theirs)
        ratios.push(mine / theirs)
        console.log(
          `  round ${round + 1} of ${rounds}: outbox ${mine.toFixed(0)}/s, bare BullMQ ${theirs.toFixed(0)}/s`,
        )
      }
      const failed = await intents.countDocuments({ state: { $ne: 'sent' } })
      return {
        ratio: median(ratios),
        ratio_min: Math.min(...ratios),
        ratio_max: Math.max(...ratios),
        sends_per_s: median(own),
        bare_per_s: median(bare),
        not_sent: failed,
      }
    } finally {
      await sweeping.close()
      await workers.close()
      await closeQueues(queues)
      redis.disconnect()
      await mongo.close()
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
