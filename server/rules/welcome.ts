import { setTimeout as sleep } from 'node:timers/promises'
import { handlersOf, type EventHandlers, type EventRecord } from '@zhiyin/shared/events'
import { addressName } from '../content/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { WantInput } from '../outbox/read.ts'
import { erasedId } from '../profile/read.ts'
import type { CustomerView } from '../profile/view.ts'
import { isValidAt, type Enter } from './enter.ts'
import type { IntentOf } from './intents.ts'
import { welcomeGraceMs } from './match.ts'
import type { RuleStore } from './rules.ts'
import { greeterOf, greets } from './greeter.ts'
import { isKnown, type Holds } from './holds.ts'
import { isCodeLost } from './lost-welcome.ts'
import type { Evaluate, Views, WantMany } from './types.ts'

/** A welcome code lives 20 s from the add (limits.md §4). */
const codeMs = 20_000
/** Of which so much may go into learning the name. */
const nameMs = 3_000

const halfEvent = 'change_external_contact.add_half_external_contact'
type Added = 'change_external_contact.add_external_contact' | typeof halfEvent

export type WelcomeDeps = {
  clock: Clock
  log: Log
  store: RuleStore
  enter: Enter
  holds: Holds
  zone: string
  intentOf: IntentOf
  evaluate: Evaluate
  views: Views
  wantMany: WantMany
  /** `addedAt`: when they became a contact. */
  ensureCustomer: (externalUserId: string, addedAt: Date) => Promise<string>
  channelByState: (state: string) => Promise<{ id: string; name: string } | null>
  /** Whether the rep has the customer from a colleague, by a hand-over of ours; then nobody is to be greeted. */
  takenOver: (pair: { userid: string; externalUserId: string }, at: Date) => Promise<boolean>
  /** The customer's name from WeCom; null when unknown. */
  nameOf: (externalUserId: string) => Promise<string | null>
}

const never = async (signal: AbortSignal): Promise<null> => {
  try {
    await sleep(nameMs, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
  return null
}

/** Greets who has just been added, inside the 20 s of the welcome code: the rule's run and its first send, wanted at once. */
export const createWelcome = (deps: WelcomeDeps) => {
  const { clock, log, store, enter, holds, zone, intentOf, evaluate, views, wantMany } = deps
  const { ensureCustomer, channelByState, nameOf, takenOver } = deps

  /** The name, if it can be had quickly; the greeting does not wait for it. */
  const nameSoon = async (externalUserId: string): Promise<string | null> => {
    const closing = new AbortController()
    const asked = nameOf(externalUserId).catch((error: unknown) => {
      log.warn({ err: error }, 'no name for the welcome message; a polite one is used')
      return null
    })
    try {
      return await Promise.race([asked, never(closing.signal)])
    } finally {
      closing.abort()
    }
  }

  const named = async (view: CustomerView, externalUserId: string): Promise<CustomerView> => {
    const name = addressName(view.name) ?? (await nameSoon(externalUserId)) ?? ''
    return { ...view, name, externalUserId }
  }

  /** The add as the profile will have it once it has folded it: the rep follows, and a stranger is new. */
  const heldBy = (view: CustomerView, userid: string, since: Date, channelId: string | null): CustomerView => {
    const following = view.follows.some((follow) => follow.userid === userid && follow.state === 'following')
    if (following) return view
    const stage = view.stage.stage === 'potential' ? { ...view.stage, stage: 'new' as const } : view.stage
    const others = view.follows.filter((follow) => follow.userid !== userid)
    return { ...view, stage, follows: [{ userid, state: 'following', since, channelId }, ...others] }
  }

  /** Wants the welcome. Where the first code of a half contact was lost and a second one has come, that one is used. */
  const want = async (intent: WantInput): Promise<void> => {
    const [stored] = await wantMany([intent])
    if (stored === undefined || (intent.code ?? null) === null) return
    const lost = (stored.state === 'failed' || stored.state === 'blocked') && isCodeLost(stored.because)
    if (lost) await wantMany([{ ...intent, key: `${intent.key}:again` }])
  }

  return async ({ event, fields, createTime }: EventRecord<Added>): Promise<void> => {
    const rules = await store.on()
    if (!rules.some(greets)) return
    const { userid, externalUserId, state, welcomeCode } = fields
    const alone = welcomeCode === undefined && state === undefined
    if (alone && (await takenOver({ userid, externalUserId }, createTime))) return
    const [channel, customerId] = await Promise.all([
      state === undefined ? null : channelByState(state),
      ensureCustomer(externalUserId, createTime),
    ])
    if (customerId === erasedId) return
    const [known] = await views([customerId])
    if (known === undefined) throw new Error(`The customer ${customerId} cannot be read yet`)
    const view = heldBy(known, userid, createTime, channel?.id ?? null)
    const add = { customerId, userid, at: createTime, half: event === halfEvent }
    const hold = await holds.of(add, isKnown(known, add))
    const added = {
      channelId: channel?.id ?? null,
      channel: channel?.name ?? null,
      userid,
      at: createTime,
      returning: hold.returning,
    }
    const now = clock.date()
    const choose = () => {
      // One whose period has not begun or is over takes nobody in, so it is not to keep others from greeting.
      const valid = rules.filter((each) => isValidAt(each, now))
      const found = greeterOf(valid, added, zone, ({ condition }) => evaluate(condition, view, now))
      return { ruleId: found?.rule._id ?? null, because: found?.because ?? [] }
    }
    const greeter = hold.greeter ?? (await holds.decide(hold, choose()))
    const rule = rules.find(({ _id }) => _id === greeter.ruleId)
    const step = rule?.steps[0]
    if (rule === undefined || step?.type !== 'send') return
    const entryKey = hold.key
    const entry = { customerId, entryKey, because: greeter.because, userid, factId: null }
    const until = new Date(Math.max(clock.now(), createTime.getTime() + welcomeGraceMs))
    const [entered] = await enter.enter(rule, [entry], until)
    const run = entered ?? (await enter.byEntryKey(rule._id, entryKey))
    if (run === null || run.state === 'held_out') return
    const sending = {
      ruleId: rule._id,
      rule: rule.name,
      runId: run._id,
      limits: { ...rule.limits, quietHours: null },
      userid,
    }
    const intent = await intentOf(step, sending, await named(view, externalUserId), clock.date())
    const expiresAt = new Date(createTime.getTime() + codeMs)
    await want({ ...intent, code: welcomeCode ?? null, expiresAt })
    await enter.start(run._id)
  }
}

/** Registers the greeting in the lane that promises seconds. */
export const welcomeHandlers = (welcome: (record: EventRecord<Added>) => Promise<void>): EventHandlers =>
  handlersOf((on) => {
    on(['change_external_contact.add_external_contact', 'change_external_contact.add_half_external_contact'], {
      name: 'welcome',
      lane: 'now',
      run: welcome,
    })
  })
