import type { Because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection } from './intents.model.ts'
import { messageModel } from './messages.model.ts'
import type { Permits } from './permits.ts'

/** Whose intents to take back: a run's, all of a rule, of a broadcast, of pushes to groups, of one mass message, or the messages to one customer. */
export type Withdrawal =
  | { readonly runId: string }
  | { readonly ruleId: string }
  | { readonly broadcastId: string }
  | { readonly pushIds: readonly string[] }
  | { readonly msgid: string }
  | { readonly customerId: string }

/** What reaches a customer themselves, and what names them to a whole group of colleagues. */
const toCustomers = ['mass', 'welcome', 'robot'] as const

/** The intents of a run have keys that begin with its id, so the index on keys finds them. */
const filterOf = (of: Withdrawal) => {
  if ('runId' in of) return { key: { $gte: `${of.runId}:`, $lt: `${of.runId};` } }
  if ('customerId' in of) return { customerId: of.customerId, channel: { $in: [...toCustomers] } }
  if ('ruleId' in of) return { 'cause.ruleId': of.ruleId }
  if ('pushIds' in of) return { 'cause.pushId': { $in: [...of.pushIds] } }
  return 'broadcastId' in of ? { 'cause.broadcastId': of.broadcastId } : { msgid: of.msgid }
}

/** Why somebody may not be written to at all, whoever else waits in the same message. */
export const forbidding = ['block.consent', 'send.erased'] as const satisfies Because['code'][]

const mass = ['mass', 'group_mass'] as const
/** A rule that ends takes back what would reach people; a tag it has set stays set. */
const reaching = [...mass, 'welcome', 'robot', 'app'] as const
/** What is repeated, or goes on with its next part, after a lost answer. */
const repeated = ['welcome', 'robot'] as const
const perTurn = 5_000

type Deps = { mongo: Mongo; clock: Clock; end: Permits['end'] }

/**
 * Takes back what is not wanted any more: the run ended, the rule or the broadcast was switched off. What has not gone out is blocked;
 * what waits for a rep's confirmation is marked, and results take its message back in WeCom: once nobody else waits in it, or at once where
 * somebody in it may not be written to (`forbidding`). What is under way at this moment is marked too, so that it is not tried again.
 */
export const createWithdraw = ({ mongo, clock, end }: Deps) => {
  const intents = intentCollection(mongo.connection)
  const messages = messageModel(mongo.connection)

  return async (of: Withdrawal, reason: Because): Promise<void> => {
    const open = {
      $and: [filterOf(of)],
      $or: [
        {
          channel: { $in: [...reaching] },
          state: { $in: ['wanted' as const, 'permitted' as const] },
          lookAt: { $exists: true },
          along: { $exists: false },
        },
        {
          along: { $exists: true },
          state: 'permitted' as const,
          withdrawn: { $exists: false },
        },
        {
          channel: { $in: [...mass] },
          state: { $in: ['claimed' as const, 'unsure' as const] },
          withdrawn: { $exists: false },
        },
        {
          channel: { $in: [...repeated] },
          state: { $in: ['claimed' as const, 'unsure' as const] },
          lookAt: { $exists: true },
          withdrawn: { $exists: false },
        },
        {
          channel: { $in: [...mass] },
          state: 'sent' as const,
          delivery: 'waiting' as const,
          withdrawn: { $exists: false },
        },
      ],
    }
    for (;;) {
      const found = await intents.find(open).limit(perTurn).toArray()
      if (found.length === 0) return
      // What goes along in another's message leaves it before that is called for, or arrives with it.
      const unsent = found.filter(
        ({ state, along }) => (state === 'wanted' || state === 'permitted') && along === undefined,
      )
      await end(unsent, reason)
      const out = found.filter((intent) => !unsent.includes(intent))
      if (out.length === 0) continue
      const at = clock.date()
      await intents.updateMany(
        { _id: { $in: out.map(({ _id }) => _id) }, withdrawn: { $exists: false } },
        { $set: { withdrawn: reason } },
      )
      const msgids = [...new Set(out.flatMap(({ msgid }) => msgid ?? []))]
      await messages.updateMany({ _id: { $in: msgids }, state: 'open' }, { $set: { nextAt: at, nudgeAt: at } })
    }
  }
}

export type Withdraw = ReturnType<typeof createWithdraw>
