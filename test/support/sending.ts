import type { NewFact } from '@zhiyin/shared/fact'
import { SendLimits } from '@zhiyin/shared/intent'
import { createCalendar } from '../../server/calendar/calendar.ts'
import { createContents } from '../../server/content/contents.ts'
import { jobTable, type Enqueue, type JobName } from '../../server/flow/jobs.ts'
import { createIds } from '../../server/platform/id.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import { createMedia } from '../../server/media/media.ts'
import type { Pace } from '../../server/outbox/pace.ts'
import { createMeasure } from '../../server/measure/room.ts'
import { createOutbox } from '../../server/outbox/outbox.ts'
import { createOpenMessages, createReached, createSendsRead } from '../../server/outbox/read.ts'
import { createWantTag } from '../../server/outbox/want-tag.ts'
import type { CustomerView } from '../../server/profile/view.ts'
import type { HandOver } from '../../server/rules/effects.ts'
import { createResults } from '../../server/results/results.ts'
import { createRules, type RulesDeps } from '../../server/rules/room.ts'
import { matchesEvent } from '../../server/rules/event-match.ts'
import { evaluate } from '../../server/conditions/evaluate.ts'
import { createTasks } from '../../server/tasks/tasks.ts'
import { noConsents } from '@zhiyin/shared/consent'
import { NeedsGrant } from '@zhiyin/shared/privacy'
import type { MovableClock } from './clock.ts'
import { quietLog } from './log.ts'
import { worldDefinitions } from './random-lives.ts'
import type { Platform } from './platform.ts'

export const buildView = (over: Partial<CustomerView> & { id: string }): CustomerView => ({
  name: '陈琳',
  externalUserId: `wm_${over.id}`,
  stage: { stage: 'silent', since: new Date(0), because: [] },
  tier: { tier: 'A', since: new Date(0) },
  levels: [],
  segments: [],
  groupIds: [],
  attrs: [],
  events: [],
  tagIds: [],
  orders: 2,
  spend: 10_000,
  lastSeenAt: new Date(0),
  lastOrderAt: null,
  lastProduct: null,
  purchases: 0,
  medianGapDays: null,
  follows: [{ userid: 'wang', state: 'following', since: new Date(0), channelId: null }],
  consent: 'unknown',
  consents: noConsents,
  ...over,
})

/** For tests that look at no past. */
const nobodysPast: RulesDeps['past'] = {
  definitions: async () => ({ ...worldDefinitions, version: 'world' }),
  async *factsOf() {
    yield []
  },
  broadcastsOf: async () => new Map(),
  customers: { count: async () => 0, ids: async () => [], known: async () => [] },
  whole: async () => null,
  sentTo: async () => [],
}

/** As fast as it goes. */
const unpaced: Pace = {
  robot: async () => 0,
  members: async () => 0,
  owner: async (_userid, messages) => messages.map(() => 0),
  ownerSpared: async () => undefined,
  robotUsed: async () => 0,
  hold: async () => ({ renew: async () => undefined, release: async () => undefined }),
}

/** What other rooms keep: it outlives the process of these. */
export type Kept = { readonly customers: Map<string, CustomerView>; readonly facts: Map<string, NewFact> }
export const keep = (): Kept => ({ customers: new Map(), facts: new Map() })

/** The rooms content, rules, outbox, results and tasks on a real database; customers are a map, the queue a list that `drain` works off. */
export const sendingRooms = (
  mongo: Mongo,
  clock: MovableClock,
  platform: Pick<Platform, 'write' | 'read' | 'setup' | 'media' | 'webhookOf' | 'wecomTagId'>,
  options: { gatherMs?: number; pace?: Pace; kept?: Kept; past?: RulesDeps['past']; zone?: string } = {},
) => {
  const newId = createIds(clock)
  const { customers, facts } = options.kept ?? keep()
  const limits = SendLimits.parse({})
  const needsGrant = NeedsGrant.parse({})
  const talks = new Map<string, string>()
  const noticed: { userid: string; externalUserId: string }[] = []
  const handedOver: HandOver[] = []
  const queue: { name: JobName; payload: unknown }[] = []
  const enqueue: Enqueue = async (name, payload) => {
    // It only says that there is something: the last word is enough, and by then all that goes out together is wanted.
    const had = name === 'outbox.send' ? queue.findIndex((job) => job.name === name) : -1
    if (had !== -1) queue.splice(had, 1)
    queue.push({ name, payload })
  }
  const appendFacts = async (news: NewFact[]) => {
    for (const fact of news) if (!facts.has(fact.id)) facts.set(fact.id, fact)
  }
  const views = async (ids: readonly string[]) => ids.flatMap((id) => customers.get(id) ?? [])
  const names = async (ids: readonly string[]) => new Map(ids.map((id) => [id, `${id}名`]))
  const { zone = 'Asia/Shanghai' } = options
  const base = { mongo, clock, log: quietLog, newId, enqueue, zone, views, names, appendFacts }
  const contents = createContents({ mongo, clock, newId })
  const tasks = createTasks({ mongo, clock, newId, appendFacts })
  const media = createMedia({ ...base, wecom: platform.media, bound: async () => new Set() })
  const measure = createMeasure({
    ...base,
    version: (ruleId, version) => rules.store.version(ruleId, version),
    rulesOn: () => rules.store.on(),
    boughtOf: async () => new Map(),
    matches: matchesEvent,
    factsOf: async (customerId, type, since) =>
      [...facts.values()]
        .filter((fact) => fact.customerId === customerId && fact.type === type && fact.at >= since)
        .map((fact) => ({ ...fact, seenAt: clock.date() })),
  })
  const outbox = createOutbox({
    ...base,
    globalHoldout: measure.seasons.heldOut,
    write: platform.write,
    read: platform.read,
    pace: options.pace ?? unpaced,
    media: { ...media, bytes: async (id) => media.files.bytesOf(await media.files.get(id)) },
    calendar: createCalendar(base),
    limits: async () => limits,
    webhookOf: platform.webhookOf,
    createTasks: tasks.createMany,
    refusedAsSpam: async ({ ruleId }) => {
      if (ruleId !== null) await rules.refused(ruleId)
    },
    noticed: async (userid, externalUserId) => void noticed.push({ userid, externalUserId }),
    gatherMs: options.gatherMs ?? 0,
  })
  const sends = createSendsRead(mongo)
  const results = createResults({
    ...base,
    messages: createOpenMessages(mongo),
    read: platform.read,
    setup: platform.setup,
    deliveries: outbox.deliveries,
    receipts: { keep: outbox.keepReceipts, forget: outbox.forgetReceipts },
    limits: async () => limits,
    createTask: tasks.create,
    closeTasks: tasks.close,
  })
  const rules = createRules({
    ...base,
    scan: async (condition, after, limit, scope = null) =>
      [...customers.values()]
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .filter(({ follows }) => scope === null || follows.some(({ userid }) => scope.includes(userid)))
        .filter((view) => (after === null || view.id > after) && evaluate(condition, view, clock.date()).met)
        .slice(0, limit),
    evaluate,
    past: options.past ?? nobodysPast,
    render: contents.render,
    factsSince: async (ids, types, since) => {
      const [whose, which] = [new Set(ids), new Set(types)]
      return [...facts.values()]
        .filter(({ customerId, type, at }) => at >= since && which.has(type) && whose.has(customerId))
        .map((fact) => ({ ...fact, seenAt: clock.date() }))
    },
    exposed: measure.record,
    globalHoldout: measure.seasons.heldOut,
    isWorkday: () => true,
    needsGrant: async () => needsGrant,
    quota: async () => limits.platform,
    lastTalk: async (customerId) => talks.get(customerId) ?? null,
    outbox,
    waitingFor: sends.waitingFor,
    ...createReached(mongo),
    managersOf: async (userids) => new Map(userids.map((userid) => [userid, ['li']])),
    fillText: async (text, view) => text.replace('{{ customer.name }}', view.name),
    handOver: async (transfer) => void handedOver.push(transfer),
    webhooks: { secret: 'secret', trusted: new Set(['127.0.0.1']) },
    createTasks: tasks.createMany,
    closeTasks: tasks.close,
    isTaskOpen: tasks.isOpen,
    sends,
    tagNames: async (ids) => new Map(ids.map((id) => [id, { name: id }])),
    wantTag: createWantTag({
      clock,
      wantMany: outbox.wantMany,
      wecomTagIds: async (ids) =>
        new Map(await Promise.all(ids.map(async (id) => [id, await platform.wecomTagId(id)] as const))),
    }),
    contentIds: async (ids) => (await contents.find(ids)).map(({ id }) => id),
    robotGroupIds: async (ids) => ids,
    ensureCustomer: async (externalUserId) => {
      const known = [...customers.values()].find((view) => view.externalUserId === externalUserId)
      if (known !== undefined) return known.id
      const id = `c_${externalUserId}`
      customers.set(id, buildView({ id, externalUserId, name: '', follows: [], lastSeenAt: null }))
      return id
    },
    channelByState: async (state) => ({ id: state, name: state }),
    takenOver: async () => false,
    nameOf: async () => '小雨',
  })

  const run = async (name: JobName, payload: unknown): Promise<void> => {
    if (name === 'outbox.send') await outbox.jobs[name]()
    if (name === 'outbox.send_now') await outbox.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'rules.advance') await rules.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'rules.webhook') await rules.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'rules.backtest') await rules.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'rules.schedule') await rules.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'results.check') await results.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'results.list_manual') await results.jobs[name](jobTable[name].payload.parse(payload))
    if (name === 'results.check_manual') await results.jobs[name](jobTable[name].payload.parse(payload))
  }
  const drain = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await run(job.name, job.payload)
  }
  const sweeps = [...rules.sweeps, measure.sweep, outbox.sweep, results.sweep, tasks.sweep]
  const backlogs = [rules.backlog, outbox.backlog, results.backlog, tasks.backlog]

  return {
    customers,
    facts,
    limits,
    needsGrant,
    noticed,
    talks,
    handedOver,
    queue,
    contents,
    media,
    tasks,
    outbox,
    sends,
    results,
    measure,
    rules,
    drain,
    /** Sweeps and works off what was nudged until nothing is due. */
    async settle(): Promise<void> {
      for (let round = 0; round < 20; round += 1) {
        await drain()
        let found = 0
        for (const sweep of sweeps) found += await sweep.run(clock.date())
        await drain()
        if (found === 0) return
      }
    },
    backlog: async () => Promise.all(backlogs.map((backlog) => backlog.count(clock.date()))),
  }
}
