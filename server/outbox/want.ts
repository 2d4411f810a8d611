import mongoose from 'mongoose'
import type { AppMessage } from '@zhiyin/shared/app-message'
import type { Because } from '@zhiyin/shared/because'
import type { ContentBody } from '@zhiyin/shared/content'
import type { IntentChannel, LossPolicy, SendDays } from '@zhiyin/shared/intent'
import type { RobotMessage } from '@zhiyin/shared/robot'
import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import { batchKeyOf } from './batch.ts'
import { intentCollection, type Cause, type IntentDoc, type IntentFallback, type QuietHours } from './intents.model.ts'

/** What a stage asks for; `key` is its whole identity: asking twice makes one intent. */
export type WantInput = {
  key: string
  channel: IntentChannel
  expiresAt: Date
  /** Why it is worth nothing after that, where it is not its own time limit. */
  overBecause?: Because
  /** Not before; absent: now. */
  dueAt?: Date
  customerId?: string | null
  externalUserId?: string | null
  groupId?: string | null
  chatId?: string | null
  /** The rep who sends (mass, group_mass, welcome, mark_tag) or receives (app). */
  userid?: string | null
  body?: ContentBody | null
  /** What it says comes from this content, in this of its variants (shared/content.ts, variantName). */
  contentId?: string
  variant?: string
  /** robot and app: more than a body can say; it goes before the body, which then only shows in lists. */
  robot?: RobotMessage
  app?: AppMessage
  /** app: several receivers, in one message per 1000. */
  userids?: string[]
  /** mark_tag: WeCom's tag ids. */
  tags?: { add: string[]; remove: string[] } | null
  code?: string | null
  cause?: Partial<Cause>
  /** The rule's own quiet hours; null: the company's. */
  quietHours?: QuietHours | null
  /** Who goes first where the platform's quota or a cap does not suffice for all: 0 to 100, the higher; default 50. */
  priority?: number
  /** What it is expected to bring, in minor units; decides between equal priorities. Default 0. */
  expectedValue?: number
  /** What becomes of it where there is no room; default: it waits until it expires. */
  onLoss?: LossPolicy
  /** The days it may go out on, by the company's calendar; default any. */
  days?: SendDays
  /** Why this rep sends, where there was a choice. */
  sender?: Because | null
  fallback?: IntentFallback
  fallbackOf?: string
  /** Already known: why it cannot go. It is recorded as blocked for this reason. */
  refusal?: Because | null
}

const noCause: Cause = { ruleId: null, rule: null, runId: null, stepId: null, pushId: null }

const duplicatesOnly = (error: unknown): boolean => {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) return false
  const problems = Array.isArray(error.writeErrors) ? error.writeErrors : [error.writeErrors]
  return problems.length > 0 && problems.every((problem) => problem.code === 11000)
}

const perJob = 1000

export type WantMany = (inputs: readonly WantInput[]) => Promise<IntentDoc[]>

/** Puts tracked links in place of addresses in texts. */
export type TrackLinks = (inputs: readonly WantInput[]) => Promise<readonly WantInput[]>

/** Those that can be refused at once need not wait for others. */
const gathers = ({ channel, refusal }: WantInput): boolean =>
  (channel === 'mass' || channel === 'group_mass') && (refusal ?? null) === null

type Deps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  enqueue: Enqueue
  /** How long a mass message waits for others that can go out with it. */
  gatherMs: number
  trackLinks: TrackLinks
}

/** How intents come into being. `many` answers them in the order asked, new or already there. */
export const createWant = ({ mongo, clock, newId, enqueue, gatherMs, trackLinks }: Deps) => {
  const intents = intentCollection(mongo.connection)

  const docOf = (input: WantInput, now: Date): IntentDoc => ({
    _id: newId('intent'),
    key: input.key,
    channel: input.channel,
    state: 'wanted',
    delivery: 'none',
    customerId: input.customerId ?? null,
    externalUserId: input.externalUserId ?? null,
    groupId: input.groupId ?? null,
    chatId: input.chatId ?? null,
    userid: input.userid ?? null,
    body: input.body ?? null,
    ...(input.contentId === undefined ? {} : { contentId: input.contentId }),
    ...(input.variant === undefined ? {} : { variant: input.variant }),
    ...(input.robot === undefined ? {} : { robot: input.robot }),
    ...(input.app === undefined ? {} : { app: input.app }),
    ...(input.userids === undefined ? {} : { userids: input.userids }),
    tags: input.tags ?? null,
    code: input.code ?? null,
    batchKey: batchKeyOf(input),
    cause: { ...noCause, ...input.cause },
    quietHours: input.quietHours ?? null,
    ...(input.priority === undefined ? {} : { priority: input.priority }),
    ...(input.expectedValue === undefined ? {} : { expectedValue: input.expectedValue }),
    ...(input.onLoss === undefined ? {} : { onLoss: input.onLoss }),
    ...(input.days === undefined ? {} : { days: input.days }),
    refusal: input.refusal ?? null,
    because: [],
    history: [{ state: 'wanted', at: now, because: input.sender ? [input.sender] : [] }],
    dueAt: input.dueAt ?? now,
    expiresAt: input.expiresAt,
    ...(input.overBecause === undefined ? {} : { overBecause: input.overBecause }),
    lookAt: input.dueAt ?? (gathers(input) ? new Date(now.getTime() + gatherMs) : now),
    claim: null,
    attempts: 0,
    msgid: null,
    ...(input.fallback === undefined ? {} : { fallback: input.fallback }),
    ...(input.fallbackOf === undefined ? {} : { fallbackOf: input.fallbackOf }),
    createdAt: now,
    settledAt: null,
  })

  const insert = async (docs: IntentDoc[]): Promise<IntentDoc[]> => {
    try {
      await intents.insertMany(docs, { ordered: false })
      return docs
    } catch (error) {
      if (!duplicatesOnly(error)) throw error
      const keys = docs.map((doc) => doc.key)
      const stored = await intents.find({ key: { $in: keys } }).toArray()
      const byKey = new Map(stored.map((doc) => [doc.key, doc]))
      return docs.map((doc) => byKey.get(doc.key) ?? doc)
    }
  }

  const nudge = async (docs: readonly IntentDoc[], now: Date): Promise<void> => {
    const due = docs.filter((doc) => doc.state === 'wanted' && (doc.lookAt?.getTime() ?? 0) <= now.getTime())
    const welcome = due.filter((doc) => doc.channel === 'welcome').map((doc) => doc._id)
    const others = due.filter((doc) => doc.channel !== 'welcome').map((doc) => doc._id)
    for (let from = 0; from < welcome.length; from += perJob)
      await enqueue('outbox.send_now', { intentIds: welcome.slice(from, from + perJob) })
    // The ids only say that there is something, so one is enough.
    if (others[0] !== undefined) await enqueue('outbox.send', { intentIds: [others[0]] })
  }

  const many: WantMany = async (inputs) => {
    if (inputs.length === 0) return []
    const now = clock.date()
    const tracked = await trackLinks(inputs)
    const byKey = new Map(tracked.map((input) => [input.key, docOf(input, now)]))
    const stored = await insert([...byKey.values()])
    await nudge(stored, now)
    return stored
  }

  return { many }
}
