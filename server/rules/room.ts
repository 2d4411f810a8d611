import type { NeedsGrant } from '@zhiyin/shared/privacy'
import type { PlatformQuota } from '@zhiyin/shared/intent'
import type { RuleInput } from '@zhiyin/shared/rule'
import type { Running } from '@zhiyin/shared/rule-version'
import type { RuleProblem } from '@zhiyin/shared/rule-problem'
import type { Lang } from '@zhiyin/shared/text'
import { because, type Because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { EventHandlers } from '@zhiyin/shared/events'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { IsHeldOut } from '../measure/types.ts'
import type { Log } from '../platform/log.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Outbox, SendsRead, WantTag } from '../outbox/read.ts'
import { createAdvance } from './advance.ts'
import { createBacktests, type BacktestDeps } from './backtest/backtest.ts'
import { createTry, type TryDeps } from './backtest/try.ts'
import { createDryRun } from './dry-run.ts'
import { createPerform, type PerformDeps } from './effects.ts'
import { createApproval, type By } from './approval.ts'
import { createByHand } from './by-hand.ts'
import { createLate } from './late.ts'
import { createEnter, isValidAt, notValid } from './enter.ts'
import { createRunsHandOver } from './hand-over.ts'
import { createIntentOf } from './intents.ts'
import { createNoticeOf, type NoticeDeps } from './notices.ts'
import { createWebhooks } from './webhooks/webhooks.ts'
import { createGuard, type GuardDeps } from './guard.ts'
import { createHappened, type FactsSince } from './happened.ts'
import { createHolds } from './holds.ts'
import { createLeave } from './leave.ts'
import { createRunsOwned } from './owned.ts'
import { createMoveOn } from './move-on.ts'
import { createLostWelcome } from './lost-welcome.ts'
import { createConcerns, createMatch } from './match.ts'
import { problemsBetween } from './check/between.ts'
import { problemsOf } from './check/problems.ts'
import { sayProblem } from './check/words.ts'
import { createFigures } from './figures.ts'
import { listRuns, overBefore, type RunQuery } from './list-runs.ts'
import { createRuleStore } from './rules.ts'
import type { RuleDoc } from './rules.model.ts'
import { runCollection } from './runs.model.ts'
import { createSetAttributes } from './set-attributes.ts'
import { createGo } from './steps.ts'
import { createTagCustomer } from './tag-customer.ts'
import { createSuggest } from './suggest.ts'
import { createRulesBacklog, createRulesSweeps } from './sweep.ts'
import { createTell } from './tell.ts'
import { upgradeRules } from './upgrade.ts'
import { createWaitEnd } from './wait-end.ts'
import { createWalk } from './walk.ts'
import { createRulesPlanned } from './planned.ts'
import { createWorth } from './worth.ts'
import { createWelcome, welcomeHandlers, type WelcomeDeps } from './welcome.ts'
import type { AppendFacts, CreateTasks, Evaluate, Exposed, LastTalk, Names, Render, Scan, Views } from './types.ts'

export type RulesDeps = Pick<WelcomeDeps, 'ensureCustomer' | 'channelByState' | 'nameOf' | 'takenOver'> & {
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  zone: string
  views: Views
  scan: Scan
  evaluate: Evaluate
  names: Names
  lastTalk: LastTalk
  render: Render
  appendFacts: AppendFacts
  factsSince: FactsSince
  exposed: Exposed
  /** Whom no rule may reach. */
  globalHoldout: () => Promise<IsHeldOut>
  /** Which purposes need a recorded consent. */
  needsGrant: () => Promise<NeedsGrant>
  /** Of a day (YYYY-MM-DD), by the calendar the company keeps. */
  isWorkday: (day: string) => boolean
  outbox: Pick<Outbox, 'wantMany' | 'withdraw' | 'preview' | 'asItWas'>
  waitingFor: SendsRead['waitingFor']
  reachedBy: GuardDeps['reachedBy']
  managersOf: NoticeDeps['managersOf']
  fillText: NoticeDeps['fillText']
  handOver: PerformDeps['handOver']
  /** What calls to other systems are signed by, and the hosts within the network they may go to. */
  webhooks: { readonly secret: string; readonly trusted: ReadonlySet<string> }
  reached: GuardDeps['reached']
  createTasks: CreateTasks
  closeTasks: (keys: readonly string[], state: 'done' | 'dropped') => Promise<void>
  isTaskOpen: (key: string) => Promise<boolean>
  sends: Pick<SendsRead, 'get' | 'list'>
  tagNames: (ids: readonly string[]) => Promise<ReadonlyMap<string, { readonly name: string }>>
  wantTag: WantTag
  /** The platform's quota, as the company has set it. */
  quota: () => Promise<PlatformQuota>
  /** The past of customers, for backtests. */
  past: Pick<BacktestDeps, 'definitions' | 'factsOf' | 'customers' | 'broadcastsOf'> & Pick<TryDeps, 'whole' | 'sentTo'>
  /** Which of these contents exist. */
  contentIds: (ids: readonly string[]) => Promise<readonly string[]>
  /** Which of these groups have a robot. */
  robotGroupIds: (ids: readonly string[]) => Promise<readonly string[]>
}

/** Journeys: rules take customers in, lead them through their steps, and let them go. */
export const createRules = (deps: RulesDeps) => {
  const { mongo, clock, newId, enqueue, zone, views, scan, evaluate, outbox, contentIds, robotGroupIds } = deps
  const store = createRuleStore({ mongo, clock, newId, zone })
  const runs = runCollection(mongo.connection)
  const tell = createTell(deps)
  const enter = createEnter(deps)
  const leave = createLeave({ mongo, clock, tell, withdraw: outbox.withdraw })
  const worth = createWorth({ clock, store })
  const intentOf = createIntentOf({ ...deps, worth })
  const waitEnd = createWaitEnd(zone, deps.isWorkday)
  const go = createGo({ evaluate, intentOf, noticeOf: createNoticeOf(deps), waitEnd, needsGrant: deps.needsGrant })
  const walk = createWalk({ mongo, clock, store, enter, scan, evaluate, enqueue, zone })
  const webhooks = createWebhooks({ mongo, clock, enqueue, ...deps.webhooks })
  const perform = createPerform({
    wantMany: outbox.wantMany,
    createTasks: deps.createTasks,
    tagCustomer: createTagCustomer(deps),
    setAttributes: createSetAttributes(deps),
    handOver: deps.handOver,
    callWebhooks: webhooks.want,
  })
  const happened = createHappened(deps.factsSince)
  const advance = createAdvance({ mongo, clock, newId, enqueue, store, go, tell, views, perform, happened })
  const holds = createHolds({ mongo })
  const lostWelcome = createLostWelcome(deps)
  const welcome = createWelcome({ ...deps, store, enter, holds, intentOf, wantMany: outbox.wantMany })
  const dryRun = createDryRun({
    clock,
    zone,
    scan,
    evaluate,
    enter,
    globalHoldout: deps.globalHoldout,
    intentOf,
    go,
    preview: outbox.preview,
    names: deps.names,
  })
  const past = { ...deps, ...deps.past, store, worth, waitEnd, asItWas: outbox.asItWas }
  const backtests = createBacktests(past)
  const handlers: EventHandlers = welcomeHandlers(welcome)

  /** What is wrong with a rule as it is written, by itself and beside those that are on; errors keep it from being switched on. */
  const check = async (rule: RuleInput & { _id: string }, lang: Lang): Promise<RuleProblem[]> => {
    const sends = rule.steps.flatMap((step) => (step.type === 'send' ? [step] : []))
    const tagIds = rule.steps.flatMap((step) => (step.type === 'tag' ? step.add : []))
    const [contents, groups, quota, on, tags] = await Promise.all([
      contentIds(sends.map(({ contentId }) => contentId)),
      robotGroupIds(sends.flatMap(({ groupId }) => groupId ?? [])),
      deps.quota(),
      store.on(),
      deps.tagNames(tagIds),
    ])
    const known = { contentIds: new Set(contents), robotGroupIds: new Set(groups), quota }
    const between = problemsBetween(rule, on, (id) => tags.get(id)?.name ?? id)
    return [...problemsOf(rule, known), ...between].map((problem) => sayProblem(problem, lang))
  }

  const mustBeReady = async (rule: RuleInput & { _id: string }, lang: Lang): Promise<void> => {
    const missing = (await check(rule, lang)).filter(({ level }) => level === 'error')
    if (missing.length === 0) return
    const problem = missing.map(({ text }) => text).join('；')
    throw new AppError('rule.not_ready', { status: 422, params: { problem } })
  }

  const pause = async (id: string, by: string, reason: Because, itself: Because | null = null): Promise<RuleDoc> => {
    const { status } = await store.get(id)
    if (status !== 'on') throw new AppError('rule.state', { status: 409, params: { status } })
    const saved = await store.setStatus(id, 'paused', by, itself)
    await runs.updateMany({ ruleId: id, lookAt: { $exists: true } }, { $rename: { lookAt: 'heldAt' } })
    await outbox.withdraw({ ruleId: id }, reason)
    return saved
  }

  const approval = createApproval({ mongo, clock })
  const moveOn = createMoveOn({ mongo })
  const guard = createGuard({
    ...deps,
    store,
    pause: async (id, reason) => void (await pause(id, '知音', because('block.rule_off'), reason)),
  })
  const match = createMatch({ mongo, clock, enqueue, store, enter, leave, views, evaluate, holds, lostWelcome, zone })

  /** Lets the newest version take customers in from now on. */
  const publish = async (id: string, by: string, running: Running): Promise<RuleDoc> => {
    const saved = await store.publish(id, 'on', by)
    if (running === 'move') await moveOn(saved)
    return saved
  }

  return {
    store,
    approval,
    /**
     * Keeps a rule as it is written: a new draft, or a new version. Of a rule that is on it holds at once, or once a second person has
     * approved it, where that is asked for. Throws conflict.changed, rule.not_ready.
     */
    async save(
      change: { id: string; version: number; running: Running } | null,
      input: RuleInput,
      by: By,
      lang: Lang,
    ): Promise<RuleDoc> {
      if (change === null) return store.create(input, by.name, by.id)
      const { id, version, running } = change
      if ((await store.get(id)).status === 'on') await mustBeReady({ ...input, _id: id }, lang)
      const saved = await store.update(id, version, input, by.name, by.id)
      if (saved.status !== 'on') return saved
      if (!(await approval.settings()).approval) return publish(id, by.name, running)
      await approval.ask(id, saved.version, by, running, '')
      return saved
    },
    /** A second person's word on the newest version; where the rule is on and they say yes, it takes over. */
    async decide(
      id: string,
      version: number,
      by: By,
      { yes, words }: { yes: boolean; words: string },
    ): Promise<RuleDoc> {
      const review = await approval.decide(id, version, by, yes, words)
      const rule = await store.get(id)
      return yes && rule.status === 'on' ? publish(id, by.name, review.running) : rule
    },
    /** Brings what was kept before into today’s form. */
    upgrade: () => upgradeRules(mongo),
    concerns: createConcerns(store),
    async match(customerId: string, facts: readonly Fact[]): Promise<void> {
      await match(customerId, facts)
      await guard(customerId, facts)
    },
    /** The rep has sent by hand what this intent did not. */
    saidByHand: lostWelcome.said,
    handlers,
    check,
    /** What will be sent, for the calendar. */
    planned: createRulesPlanned({ mongo, store }),
    figures: createFigures({ mongo, clock, store }),
    byHand: createByHand({ clock, store, enter, views, evaluate }),
    late: createLate({ mongo, clock, enqueue }),
    dryRun,
    backtests,
    /** Leads one customer through a rule as it is written, step by step. */
    tryOn: createTry({ ...past, enter }),
    suggestFor: createSuggest({ ...deps, store, welcomeByHand: lostWelcome.open, overBefore: overBefore(runs) }),
    listRuns: (query: RunQuery) => listRuns(runs, query),

    /** Switches a rule on; runs that waited go on. Throws rule.not_ready naming what is missing, rule.not_valid where nobody can enter now. */
    async turnOn(id: string, meetNow: boolean, by: string, lang: Lang): Promise<RuleDoc> {
      const rule = await store.get(id)
      await mustBeReady(rule, lang)
      if (meetNow && !isValidAt(rule, clock.date())) throw notValid(rule)
      await approval.must(id, rule.version)
      const saved = await store.publish(id, 'on', by)
      await runs.updateMany({ ruleId: id, heldAt: { $exists: true } }, { $rename: { heldAt: 'lookAt' } })
      if (meetNow) await walk.begin(id, `now:${clock.date().toISOString()}`)
      return saved
    },

    /** Pauses a rule: nobody enters, runs wait, what has not gone out is taken back. */
    pause: (id: string, by: string): Promise<RuleDoc> => pause(id, by, because('block.rule_off')),

    /** WeCom's content check refused its words: the rule is paused, so that a person looks at them. */
    async refused(id: string): Promise<void> {
      const { status } = await store.get(id)
      if (status === 'on') await pause(id, '企业微信', because('block.spam'))
    },

    /** Runs under way go with their customers to another member. */
    handOver: createRunsHandOver({ mongo }),
    /** Runs of customers who become one with another. */
    owned: createRunsOwned({ mongo, leave }),
    jobs: {
      'rules.advance': advance,
      'rules.schedule': walk.step,
      'rules.backtest': backtests.run,
      'rules.webhook': webhooks.job,
    },
    sweeps: [...createRulesSweeps({ mongo, enqueue, store, walk }), webhooks.sweep, backtests.sweep],
    webhookKey: deps.webhooks.secret,
    webhooksBacklog: webhooks.backlog,
    backlog: createRulesBacklog({ mongo, store, walk }),
  }
}

export type Rules = ReturnType<typeof createRules>
