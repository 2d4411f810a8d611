import type { NewFact } from '@zhiyin/shared/fact'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import type { IsHeldOut } from '../measure/types.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OpenSealed } from '../platform/vault.ts'
import type { CustomerView } from '../profile/view.ts'
import type { NewTask } from '../tasks/read.ts'
import type { WecomRead, WecomWrite } from '../wecom/types.ts'
import { createAsItWas } from './as-it-was.ts'
import { createAppCall } from './app-call.ts'
import { createCall } from './call.ts'
import { createCaps } from './caps.ts'
import { createClaims } from './claims.ts'
import { createDeliveries } from './deliveries.ts'
import { createDrain } from './drain.ts'
import { createEnded, type Noticed } from './ended.ts'
import { createFallback } from './fallback.ts'
import type { Cause } from './intents.model.ts'
import type { OutboxMedia } from './media.ts'
import { createFiles } from './files.ts'
import type { Pace } from './pace.ts'
import { createPassengers } from './passengers.ts'
import { createPermits, type OutboxCalendar } from './permits.ts'
import { createReceipts } from './receipts.ts'
import { createReconcile } from './reconcile.ts'
import { createSay } from './robot-call.ts'
import { createRobotLook } from './robot-look.ts'
import { createSpeak } from './robot-speak.ts'
import { createRobotStates } from './robot-states.ts'
import { createRobots } from './robots.ts'
import { createSettle } from './settle.ts'
import { createStillAllowed } from './still-allowed.ts'
import { createOutboxBacklog, createOutboxSweep } from './sweep.ts'
import { createTell } from './tell.ts'
import { createWant, type TrackLinks } from './want.ts'
import { createWithdraw } from './withdraw.ts'

export type OutboxDeps = {
  /** Opens what is sealed in a message, for the call alone; without it nothing is sealed. */
  open?: OpenSealed
  mongo: Mongo
  clock: Clock
  log: Log
  newId: NewId
  enqueue: Enqueue
  metrics?: Metrics
  /** The company's time zone. */
  zone: string
  /** The days on which people work. */
  calendar: OutboxCalendar
  write: WecomWrite
  read: Pick<WecomRead, 'listGroupMessages' | 'groupMessageResults'>
  pace: Pace
  media: OutboxMedia
  limits: () => Promise<SendLimits>
  /** Whom no rule and no broadcast may reach; without it nobody is held out. */
  globalHoldout?: () => Promise<IsHeldOut>
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  webhookOf: (groupId: string) => Promise<string | null>
  appendFacts: (facts: NewFact[]) => Promise<unknown>
  createTasks: (tasks: readonly NewTask[]) => Promise<unknown>
  /** Told of every customer who turned out to have deleted the rep. */
  noticed?: Noticed
  /** Told of every campaign whose words WeCom’s content check refused, to stop it. */
  refusedAsSpam?: (cause: Cause) => Promise<void>
  /** Puts tracked links in place of addresses in texts that are wanted; without it they stay as they are. */
  trackLinks?: TrackLinks
  /** How long a wanted mass message waits for others of the same text and sender; default 2 s. */
  gatherMs?: number
}

/** The only way out to people: every send is an intent that is wanted, permitted, claimed, sent and settled, each step written first. */
export const createOutbox = (deps: OutboxDeps) => {
  const { mongo, clock, log, newId, enqueue, metrics, zone, write, read, pace, limits, views, names, webhookOf } = deps
  const { open = (value) => value } = deps
  const caps = createCaps({ mongo, clock })
  const passengers = createPassengers({ mongo, clock })
  const { tell, lines } = createTell({
    mongo,
    appendFacts: async (facts) => void (await deps.appendFacts(facts)),
    ...(metrics === undefined ? {} : { metrics }),
  })
  const receipts = createReceipts(mongo)
  const settle = createSettle({ mongo, clock, receipts, lines, enqueue, names })
  const claims = createClaims({ mongo, clock, newId })
  const files = createFiles(deps.media)
  const call = createCall({ open, write, app: createAppCall({ write, files, pace }), media: deps.media, clock })
  const reconcile = createReconcile({ mongo, clock, read, open })
  const want = createWant({
    mongo,
    clock,
    newId,
    enqueue,
    gatherMs: deps.gatherMs ?? 2000,
    trackLinks: deps.trackLinks ?? (async (inputs) => inputs),
  })
  const fallback = createFallback({
    mongo,
    clock,
    limits,
    views,
    names,
    wantMany: want.many,
    createTasks: deps.createTasks,
  })
  const noticed = deps.noticed ?? (async () => undefined)
  const ended = createEnded({ clock, zone, caps, receipts, fallback, follow: passengers.follow, noticed, tell })
  const permits = createPermits({
    mongo,
    clock,
    zone,
    caps,
    receipts,
    passengers,
    ended,
    pace,
    calendar: deps.calendar,
    open,
    limits,
    globalHoldout: deps.globalHoldout ?? (async () => () => false),
    views,
    names,
  })
  const refusedAsSpam = deps.refusedAsSpam ?? (async () => undefined)
  const stillAllowed = createStillAllowed({ mongo, clock, zone, calendar: deps.calendar, limits })
  const drain = createDrain({
    mongo,
    clock,
    log,
    permits,
    stillAllowed,
    claims,
    passengers,
    call,
    settle,
    reconcile,
    ended,
    refusedAsSpam,
  })
  const states = createRobotStates({ mongo, clock })
  const speak = createSpeak({ mongo, clock, say: createSay({ write, files }), states, webhookOf })
  const robots = createRobots({ open, mongo, clock, pace, states, permits, claims, stillAllowed, speak, settle, ended })
  const deliveries = createDeliveries({ mongo, clock, ended })

  return {
    /** Idempotent by key; answers the intents in the order asked, new or already there. */
    wantMany: want.many,
    /** Verdicts for intents that do not exist, in the order asked; nothing is written. */
    preview: permits.preview,
    /** Verdicts for messages of the past. */
    asItWas: createAsItWas({ zone, calendar: deps.calendar, receipts, limits, names }),
    withdraw: createWithdraw({ mongo, clock, end: permits.end }),
    /** Robots for the console: how they stand, and a person's word that one may speak again. */
    robots: { look: createRobotLook({ mongo, clock, pace, states }), enable: states.enable },
    deliveries,
    /** Keeps what customers and groups got from others, which uses the platform's quota. */
    keepReceipts: receipts.keep,
    forgetReceipts: receipts.forget,
    jobs: {
      'outbox.send': async () => void (await Promise.all([drain.drain(), robots.run()])),
      'outbox.send_now': async ({ intentIds }: { intentIds: readonly string[] }) => {
        await drain.now(intentIds)
        await drain.late()
      },
    },
    sweep: createOutboxSweep({ mongo, enqueue }),
    backlog: createOutboxBacklog(mongo),
  }
}

export type Outbox = ReturnType<typeof createOutbox>
