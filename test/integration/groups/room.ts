import { createServer, type Server } from 'node:http'
import Koa from 'koa'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'
import { callbackRoutes } from '../../../server/callback/routes.ts'
import { createPicture, fetchPicture } from '../../../server/channels/picture.ts'
import { createFacts } from '../../../server/events/facts.ts'
import { factCollection } from '../../../server/events/facts.model.ts'
import { jobTable, type Enqueue, type JobName } from '../../../server/flow/jobs.ts'
import { GroupTierRule } from '@zhiyin/shared/group-tier'
import type { Tier } from '@zhiyin/shared/tier'
import { createGroups, type Groups, type GroupsDeps } from '../../../server/groups/groups.ts'
import { createInbox, type Inbox } from '../../../server/inbox/inbox.ts'
import { retryOf } from '../../../server/platform/errors.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const ChatId = z.object({ chat_id: z.string() })
const CustomerId = z.object({ external_userid: z.string() })
const Deliveries = z.array(z.object({ event: z.string(), message: z.string(), state: z.string() }))
const Idle = z.object({ pendingCallbacks: z.int() })
type Gap = Parameters<NonNullable<GroupsDeps['noticed']>>[0]

/**
 * The groups room on a real database, with the stand-in in front: people act in WeCom, its callbacks come signed and encrypted over HTTP,
 * go through the inbox, and are handled when `settle` is called. Who is a customer is a map.
 */
export const useGroups = () => {
  const mongo = useMongo()
  const wecom = useWecom()
  const customers = new Map<string, string>()
  const tiers = new Map<string, Tier>()
  const tierRule = GroupTierRule.parse({ minKnown: 2 })
  const enabled: string[] = []
  const gaps: Gap[] = []
  let queue: { name: JobName; payload: unknown }[] = []
  let server: Server | null = null
  let made: { groups: Groups; inbox: Inbox } | null = null

  const parts = (): { groups: Groups; inbox: Inbox } => {
    if (made === null) throw new Error('useGroups: only inside tests')
    return made
  }

  beforeAll(async () => {
    const { clock } = wecom
    const newId = createIds(clock)
    const adapter = wecom.adapter()
    const enqueue: Enqueue = async (name, payload) => void queue.push({ name, payload })
    const facts = createFacts({ mongo: mongo.get(), clock, enqueue, log: quietLog })
    const groups = createGroups({
      mongo: mongo.get(),
      clock,
      newId,
      enqueue,
      read: adapter.read,
      setup: adapter.setup,
      picture: createPicture(fetchPicture(wecom.url())),
      ready: async (attachment) => {
        if ('assetId' in attachment) throw new Error('no media library here')
        return attachment.type === 'image'
          ? { type: 'image', picUrl: attachment.picUrl }
          : { type: 'link', title: attachment.title, url: attachment.url }
      },
      appendFacts: (news) => facts.append(news),
      customersOf: async (ids) => new Map(ids.flatMap((id) => (customers.has(id) ? [[id, `c_${id}`] as const] : []))),
      ensureCustomer: async (id) => void customers.set(id, `c_${id}`),
      noticed: (gap) => void gaps.push(gap),
      names: async (ids) => new Map(ids.flatMap((id) => (id.startsWith('wm') ? [] : [[id, `${id}名`] as const]))),
      tierRule: async () => tierRule,
      tierCounts: async (ids) => {
        const counts = { A: 0, B: 0, C: 0 }
        for (const id of ids) counts[tiers.get(id) ?? 'C'] += customers.has(id) ? 1 : 0
        return counts
      },
      enableRobot: async (id) => void enabled.push(id),
      sessionSecret: 'x'.repeat(32),
    })
    const inbox = createInbox({
      mongo: mongo.get(),
      clock,
      newId,
      enqueueMany: async (list) => void queue.push(...list),
      log: quietLog,
      metrics: createMetrics(),
      handlers: groups.handlers,
    })
    made = { groups, inbox }
    const app = new Koa()
    app.use(
      callbackRoutes({
        config: {
          WECOM_CORP_ID: 'ww0000000000000001',
          WECOM_CALLBACK_TOKEN: 'sandboxToken',
          WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
        },
        clock,
        append: inbox.append,
        metrics: createMetrics(),
        log: quietLog,
      }).routes(),
    )
    const answer = app.callback()
    const listening = createServer((request, response) => void answer(request, response))
    server = listening
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
    const address = listening.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await wecom.put('app', {
      callbackUrl: `http://127.0.0.1:${port}/wecom/callback`,
      sidebarUrl: 'http://127.0.0.1:3000/sidebar/',
      trustedDomain: '127.0.0.1:3000',
    })
    await mongo.indexes()
  })
  afterAll(async () => {
    await made?.inbox.close()
    await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)))
  })
  beforeEach(async () => {
    const { connection } = mongo.get()
    for (const model of Object.values(connection.models)) await model.deleteMany({})
    customers.clear()
    tiers.clear()
    enabled.length = 0
    gaps.length = 0
    queue = []
  })

  /** Runs one job as the queue would: what asks to be tried again later is, once that time has come. */
  const run = async (name: JobName, payload: unknown): Promise<void> => {
    try {
      const { groups, inbox } = parts()
      if (name === 'inbox.handle') await inbox.handle(jobTable[name].payload.parse(payload).ids, 'soon')
      if (name === 'groups.sync') await groups.jobs[name](jobTable[name].payload.parse(payload))
      if (name === 'groups.stats') await groups.jobs[name](jobTable[name].payload.parse(payload))
    } catch (error) {
      const retry = retryOf(error)
      if (retry === 'never') throw error
      await wecom.advance(retry === 'backoff' ? 200 : retry.afterMs)
      queue.push({ name, payload })
    }
  }
  const drain = async (): Promise<void> => {
    for (let jobs = queue; jobs.length > 0; jobs = queue) {
      queue = []
      await Promise.all(jobs.map(({ name, payload }) => run(name, payload)))
    }
  }

  return {
    ...wecom,
    mongo,
    customers,
    tiers,
    tierRule,
    enabled,
    gaps,
    groups: () => parts().groups,
    /** Waits until every callback has arrived, then handles all there is to do. */
    settle: async (): Promise<void> => {
      while (Idle.parse(await wecom.look('idle')).pendingCallbacks > 0)
        await new Promise((resolve) => setTimeout(resolve, 5))
      await drain()
    },
    drain,
    /** One look of the sweep, and what it queued. */
    sweep: async (): Promise<number> => {
      const found = await parts().groups.sweep.run(wecom.clock.date())
      await drain()
      return found
    },
    tierSweep: () => parts().groups.tiers.sweep.run(wecom.clock.date()),
    newGroup: async (name: string, owner = 'lina'): Promise<string> =>
      ChatId.parse(await wecom.act('groups', { name, owner, kind: 'customer' })).chat_id,
    newPerson: async (name: string): Promise<string> =>
      CustomerId.parse(await wecom.act('customers', { name })).external_userid,
    join: (chatId: string, id: string, scene = 3, state?: string) =>
      wecom.act(`groups/${chatId}/join`, { id, scene, ...(state === undefined ? {} : { state }) }),
    leave: (chatId: string, id: string, scene = 0) => wecom.act(`groups/${chatId}/leave`, { id, scene }),
    change: (chatId: string, change: Record<string, string>) => wecom.act(`groups/${chatId}/change`, change),
    /** A callback by hand, as WeCom would send it. */
    emit: (fields: Record<string, unknown>) =>
      wecom.act('callbacks', { fields: { Event: 'change_external_chat', ...fields } }),
    mode: (mode: Record<string, unknown>) => wecom.put('callbacks/mode', mode),
    release: (order: string) => wecom.act('callbacks/release', { order }),
    sent: async () => Deliveries.parse(await wecom.look('callbacks')),
    facts: async () => {
      const docs = await factCollection(mongo.get().connection).find().sort({ _id: 1 }).toArray()
      return docs.map(({ _id, type, customerId, payload, at }) => ({ id: _id, type, customerId, payload, at }))
    },
    /** The page of the only group of that chat. */
    find: async (chatId: string) => {
      const { items } = await parts().groups.search({ limit: 200, scope: { owners: null, internal: true } })
      return items.find((one) => one.chatId === chatId)
    },
  }
}
