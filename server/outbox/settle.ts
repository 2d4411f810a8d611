import type { Enqueue } from '../flow/jobs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { bodyOf } from './merge.ts'
import { messageModel, type MessageDoc } from './messages.model.ts'
import { moved } from './moves.ts'
import { plansOf, type Plan, type Result } from './plan.ts'
import type { Receipts } from './receipts.ts'
import { previewOf, type TellLines } from './tell.ts'

const maxCustomerIds = 500
const writingMs = 3000

type Deps = {
  mongo: Mongo
  clock: Clock
  receipts: Pick<Receipts, 'forget'>
  lines: TellLines
  enqueue: Enqueue
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

const messageOf = ({ intents, set }: Plan, now: Date): MessageDoc | null => {
  const [first] = intents
  if (first === undefined || typeof set.msgid !== 'string') return null
  const { claim, batchKey, userid, channel } = first
  if (claim === null || batchKey === null || userid === null) return null
  if (channel !== 'mass' && channel !== 'group_mass') return null
  return {
    _id: set.msgid,
    channel,
    sender: userid,
    claimId: claim.id,
    batchKey,
    preview: previewOf(bodyOf(first)),
    receivers: intents.length,
    customerIds: intents.flatMap(({ customerId }) => customerId ?? []).slice(0, maxCustomerIds),
    ruleId: first.cause.ruleId,
    ...(first.cause.broadcastId === undefined ? {} : { broadcastId: first.cause.broadcastId }),
    createdAt: now,
    expiresAt: new Date(Math.max(...intents.map(({ expiresAt }) => expiresAt.getTime()))),
    state: 'open',
    nextAt: now,
    // Not before its intents are written; a job asks as soon as they are.
    nudgeAt: new Date(now.getTime() + writingMs),
    checks: 0,
  }
}

/** Plans that write the same are written together. */
const merged = (plans: readonly Plan[]): Plan[] => {
  const groups = new Map<string, Plan>()
  for (const plan of plans) {
    const { intents, ...rest } = plan
    const key = JSON.stringify([intents[0]?.claim?.id, rest])
    const had = groups.get(key)
    groups.set(key, had === undefined ? plan : { ...had, intents: [...had.intents, ...intents] })
  }
  return [...groups.values()]
}

const after = (plan: Plan, at: Date): IntentDoc[] =>
  plan.intents.map((intent) => ({
    ...intent,
    ...plan.set,
    state: moved(plan.move, { at, because: [], lookAt: null }).update.$set.state,
    because: plan.because,
    history: [...intent.history, { state: plan.shows, at, because: plan.because }],
  }))

/**
 * Writes what calls came to, in bulk. A mass message is kept before its intents say so, so that whoever finds the claim later
 * finds its message. Every change is guarded by the claim: an answer that comes late changes nothing twice.
 */
export const createSettle = ({ mongo, clock, receipts, lines, enqueue, names }: Deps) => {
  const intents = intentCollection(mongo.connection)
  const messages = messageModel(mongo.connection)

  const keepMessages = async (plans: readonly Plan[], now: Date): Promise<string[]> => {
    const kept = plans.flatMap((plan) => messageOf(plan, now) ?? [])
    if (kept.length === 0) return []
    await messages.bulkWrite(
      kept.map(({ _id, state, nextAt, nudgeAt, ...message }) => ({
        // Found again after a crash, it is looked at again: its intents were not waiting yet.
        updateOne: {
          filter: { _id },
          update: { $setOnInsert: message, $set: { state, nextAt, nudgeAt } },
          upsert: true,
        },
      })),
      { ordered: false },
    )
    return kept.map(({ _id }) => _id)
  }

  const operationOf = (plan: Plan, at: Date) => {
    const ids = plan.intents.map(({ _id }) => _id)
    const { guard, update } = moved(plan.move, { at, because: plan.because, lookAt: plan.lookAt, set: plan.set })
    const $push = { history: { state: plan.shows, at, because: plan.because } }
    const claimId = plan.intents[0]?.claim?.id ?? ''
    return {
      updateMany: { filter: { _id: { $in: ids }, 'claim.id': claimId, ...guard }, update: { ...update, $push } },
    }
  }

  return async (results: readonly Result[]): Promise<void> => {
    if (results.length === 0) return
    const now = clock.date()
    const senders = results.flatMap(({ group }) => group.first.userid ?? [])
    const known = results.some(({ outcome }) => outcome.kind === 'sent' && outcome.msgid !== null)
      ? await names([...new Set(senders)])
      : new Map<string, string>()
    const plans = merged(results.flatMap((result) => plansOf(result, { now, names: known })))
    const messageIds = await keepMessages(plans, now)
    // Found in WeCom's list, it may have been read as somebody else's meanwhile.
    await receipts.forget(
      results.flatMap(({ outcome, extra }) =>
        outcome.kind === 'sent' && outcome.msgid !== null && extra !== undefined ? [outcome.msgid] : [],
      ),
    )
    const settled = plans.filter(({ move }) => move === 'sent')
    // The answer is known, so its lines may come first: a crash before the write only means that it is found out again.
    await lines(settled.flatMap((plan) => after(plan, now)))
    await intents.bulkWrite(
      plans.map((plan) => operationOf(plan, now)),
      { ordered: false },
    )
    for (let from = 0; from < messageIds.length; from += 1000)
      await enqueue('results.check', { messageIds: messageIds.slice(from, from + 1000) })
  }
}

export type Settle = ReturnType<typeof createSettle>
