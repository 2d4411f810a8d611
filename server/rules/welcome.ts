import { setTimeout as sleep } from 'node:timers/promises'
import { because } from '@zhiyin/shared/because'
import { handlersOf, type EventHandlers, type EventRecord } from '@zhiyin/shared/events'
import { addressName } from '../content/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import type { CustomerView } from '../profile/view.ts'
import type { Enter } from './enter.ts'
import type { IntentOf } from './intents.ts'
import { welcomeGraceMs } from './match.ts'
import type { RuleStore } from './rules.ts'
import { addedKey, greeterOf } from './triggers.ts'
import type { Evaluate, Views, WantMany } from './types.ts'

/** A welcome code lives 20 s from the add (limits.md §4). */
const codeMs = 20_000
/** Of which so much may go into learning the name. */
const nameMs = 3_000

type Added = 'change_external_contact.add_external_contact' | 'change_external_contact.add_half_external_contact'

export type WelcomeDeps = {
  clock: Clock
  log: Log
  store: RuleStore
  enter: Enter
  intentOf: IntentOf
  evaluate: Evaluate
  views: Views
  wantMany: WantMany
  ensureCustomer: (externalUserId: string) => Promise<string>
  channelByState: (state: string) => Promise<{ id: string; name: string } | null>
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
  const { clock, log, store, enter, intentOf, evaluate, views, wantMany, ensureCustomer, channelByState, nameOf } = deps

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

  /** The rep of the add counts as following even before the profile has folded it. */
  const heldBy = (view: CustomerView, userid: string, since: Date, channelId: string | null): CustomerView =>
    view.follows.some((follow) => follow.userid === userid && follow.state === 'following')
      ? view
      : { ...view, follows: [{ userid, state: 'following', since, channelId }, ...view.follows] }

  return async ({ fields, createTime }: EventRecord<Added>): Promise<void> => {
    const { userid, externalUserId, state, welcomeCode } = fields
    const channel = state === undefined ? null : await channelByState(state)
    const rule = greeterOf(await store.on(), channel?.id ?? null)
    const step = rule?.steps[0]
    if (rule === null || step?.type !== 'send') return
    const customerId = await ensureCustomer(externalUserId)
    const [known] = await views([customerId])
    if (known === undefined) throw new Error(`The customer ${customerId} cannot be read yet`)
    const view = heldBy(known, userid, createTime, channel?.id ?? null)
    const answer = evaluate(rule.condition, view, clock.date())
    if (!answer.met) return
    const entryKey = addedKey(customerId, userid, createTime)
    const reasons = [because('rule.added', { channel: channel?.name ?? '' }), ...answer.because]
    const entry = { customerId, entryKey, because: reasons, userid, factId: null }
    const until = new Date(Math.max(clock.now(), createTime.getTime() + welcomeGraceMs))
    const [entered] = await enter.enter(rule, [entry], until)
    const run = entered ?? (await enter.byEntryKey(rule._id, entryKey))
    if (run === null || run.state === 'held_out') return
    const sending = { ruleId: rule._id, rule: rule.name, runId: run._id, quietHours: null, userid }
    const intent = await intentOf(step, sending, await named(view, externalUserId), clock.date())
    const expiresAt = new Date(createTime.getTime() + codeMs)
    await wantMany([{ ...intent, code: welcomeCode ?? null, expiresAt }])
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
