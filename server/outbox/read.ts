import {
  lossGrounds,
  usualPriority,
  type DeliveryState,
  type IntentChannel,
  type IntentState,
  type LossGround,
} from '@zhiyin/shared/intent'
import type { mongo } from 'mongoose'
import type { Scope } from '../platform/actor.ts'
import { idAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { PastBroadcast } from './as-it-was.ts'
import { intentCollection, type IntentDoc } from './intents.model.ts'
import { createTally } from './tally.ts'

export type { Outbox } from './outbox.ts'
export type { RobotLook } from './robot-look.ts'
export type { WantInput } from './want.ts'
export type { Verdict, Asking } from './permit.ts'
export { reasonsOf } from './permit.ts'
export { countOf, type AsItWas, type CountEntry, type Judge, type PastBroadcast } from './as-it-was.ts'
export { previewOf } from './tell.ts'
export { createReached } from './reached.ts'

/** A send as other rooms see it; the welcome code stays here. */
export type SendItem = Omit<IntentDoc, '_id' | 'code' | 'lookAt' | 'claim' | 'refusal' | 'key' | 'attempts'> & {
  id: string
}

export type SendQuery = {
  /** Whose; null: everybody's. */
  scope: Scope
  state?: IntentState | undefined
  delivery?: DeliveryState | undefined
  channel?: IntentChannel | undefined
  customerId?: string | undefined
  ruleId?: string | undefined
  broadcastId?: string | undefined
  userid?: string | undefined
  lost?: LossGround | 'any' | undefined
  lostTo?: string | undefined
  along?: string | undefined
  reason?: string | undefined
  q?: string | undefined
  /** When they were wanted: from inclusive, to exclusive. */
  from?: Date | undefined
  to?: Date | undefined
  limit: number
  after?: string | undefined
}

const itemOf = ({
  _id,
  code: _code,
  lookAt: _lookAt,
  claim: _claim,
  refusal: _refusal,
  key: _key,
  attempts: _attempts,
  ...rest
}: IntentDoc): SendItem => ({
  id: _id,
  ...rest,
})

const escaped = (words: string): string => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const conditionsOf = (query: Omit<SendQuery, 'limit'>): mongo.Filter<IntentDoc>[] => {
  const { scope, after, state, delivery, channel, customerId, ruleId, broadcastId, userid } = query
  const { lost, lostTo, along, reason, q, from, to } = query
  const words = q === undefined || q === '' ? null : { $regex: escaped(q), $options: 'i' }
  return [
    scope === null ? {} : { userid: { $in: [...scope] } },
    state === undefined ? {} : { state },
    delivery === undefined ? {} : { delivery },
    channel === undefined ? {} : { channel },
    customerId === undefined ? {} : { customerId },
    ruleId === undefined ? {} : { 'cause.ruleId': ruleId },
    broadcastId === undefined ? {} : { 'cause.broadcastId': broadcastId },
    userid === undefined ? {} : { userid },
    lost === undefined ? {} : { 'lost.by': lost === 'any' ? { $in: [...lossGrounds] } : lost },
    lostTo === undefined ? {} : { 'lost.to': lostTo },
    along === undefined ? {} : { along },
    reason === undefined ? {} : { 'because.code': reason },
    words === null ? {} : { $or: [{ 'body.text': words }, { 'cause.rule': words }, { 'cause.broadcast': words }] },
    from === undefined ? {} : { _id: { $gte: idAt('intent', from.getTime()) } },
    to === undefined ? {} : { _id: { $lt: idAt('intent', to.getTime()) } },
    after === undefined ? {} : { _id: { $lt: after } },
  ]
}

/** What other rooms may read of sends. */
export const createSendsRead = ({ connection }: Pick<Mongo, 'connection'>) => {
  const intents = intentCollection(connection)
  return {
    /** One page, newest first; the cursor is the id of the last one. What has no index of its own is looked for in the order of ids. */
    async list({ limit, ...query }: SendQuery): Promise<{ items: SendItem[]; next: string | null }> {
      const found = await intents
        .find({ $and: conditionsOf(query) })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .toArray()
      const items = found.slice(0, limit).map(itemOf)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    async get(id: string): Promise<SendItem | null> {
      const intent = await intents.findOne({ _id: id })
      return intent === null ? null : itemOf(intent)
    },

    /** The id of the intent of a key; null where there is none. */
    async idOfKey(key: string): Promise<string | null> {
      return (await intents.findOne({ key }, { projection: { _id: 1 } }))?._id ?? null
    },

    /** Of which mass message each of these sends was, by the id of the send; others are left out. */
    async broadcastsOf(ids: readonly string[]): Promise<Map<string, PastBroadcast>> {
      const found = await intents
        .find({ _id: { $in: [...ids] } }, { projection: { 'cause.broadcastId': 1, 'cause.broadcast': 1, priority: 1 } })
        .toArray()
      return new Map(
        found.flatMap(({ _id, cause, priority = usualPriority }): [string, PastBroadcast][] => {
          const { broadcastId: id, broadcast: name = '' } = cause
          return id === undefined ? [] : [[_id, { id, name, priority }]]
        }),
      )
    },

    /** The sends of group pushes. */
    async ofPushes(pushIds: readonly string[]): Promise<SendItem[]> {
      return (await intents.find({ 'cause.pushId': { $in: [...pushIds] } }).toArray()).map(itemOf)
    },

    ...createTally(connection),

    /** Texts that a rep was asked to send by hand, for want of a confirmation or of room, newest first. */
    async byHandFor(customerId: string): Promise<SendItem[]> {
      const asked = { 'because.code': { $in: ['send.fallback_task' as const, 'send.lost_task' as const] } }
      const found = await intents
        .find({ customerId, channel: 'mass', ...asked })
        .sort({ _id: -1 })
        .limit(3)
        .toArray()
      return found.map(itemOf)
    },

    /** Texts that wait for the rep's confirmation for one customer, newest first. */
    async waitingFor(customerId: string): Promise<SendItem[]> {
      const waiting = { customerId, channel: 'mass' as const, delivery: 'waiting' as const }
      return (await intents.find(waiting).sort({ _id: -1 }).limit(3).toArray()).map(itemOf)
    },
  }
}

export type SendsRead = ReturnType<typeof createSendsRead>
export { createOpenMessages, type OpenMessage, type OpenMessages } from './open-messages.ts'
export type { Delivered, Deliveries } from './deliveries.ts'
export type { Receipt, Receipts } from './receipts.ts'
export { createPlanned, type PlannedRow, type PlannedSource } from './planned.ts'
export { createDelays } from './delays.ts'
export { writeTaskKey } from './fallback.ts'
export { chooseSender } from './sender.ts'
export { groupSize } from './claims.ts'
export { ownerPace } from './pace.ts'
export type { Arrived, Tally } from './tally.ts'
export type { TagWish, WantTag } from './want-tag.ts'
