import { because } from '@zhiyin/shared/because'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { OpenSealed } from '../platform/vault.ts'
import type { GroupMessage, WecomRead } from '../wecom/types.ts'
import type { Group } from './call.ts'
import type { IntentDoc } from './intents.model.ts'
import { bodyOf } from './merge.ts'
import { messageModel } from './messages.model.ts'
import type { Result } from './plan.ts'

/** WeCom's clock and ours may differ by this much. */
const skewMs = 60_000
/** Only after this long does a message missing from the list count as never accepted. */
export const absentAfterMs = 20_000
const againMs = 5_000

type Reader = Pick<WecomRead, 'listGroupMessages' | 'groupMessageResults'>
type Deps = { mongo: Mongo; clock: Clock; read: Reader; open: OpenSealed }

const kindsOf = (attachments: readonly unknown[] = []): string =>
  JSON.stringify(
    attachments.map((each) => (typeof each === 'object' && each !== null && 'msgtype' in each ? each.msgtype : null)),
  )

const receiverOf = ({ externalUserId, chatId }: IntentDoc): string => externalUserId ?? chatId ?? ''

/** Looks into WeCom's own lists for mass messages whose answer was lost. */
export const createReconcile = ({ mongo, clock, read, open }: Deps) => {
  const messages = messageModel(mongo.connection)

  const listed = async (channel: IntentDoc['channel'], claimedAt: Date): Promise<GroupMessage[]> => {
    const chatType = channel === 'mass' ? 'single' : 'group'
    const from = new Date(claimedAt.getTime() - skewMs)
    return read.listGroupMessages({ chatType, from, to: new Date(clock.now() + skewMs) })
  }

  /** The message that carries these intents: same text (without one, the same kinds of attachments) and sender, made after the claim, not known as another of ours, to our receivers. */
  const find = async (
    { first, intents }: Group,
    claimedAt: Date,
  ): Promise<{ msgid: string; receivers: Set<string> } | null> => {
    const sender = first.userid ?? ''
    const ours = new Set(intents.map(receiverOf))
    const body = bodyOf(first)
    const said = open({ text: body?.text }).text
    const kinds = JSON.stringify(body?.attachments.map(({ type }) => type) ?? [])
    const candidates = (await listed(first.channel, claimedAt)).filter(
      ({ text, attachments, createdAt }) =>
        text === said &&
        (text !== '' || kindsOf(attachments) === kinds) &&
        createdAt.getTime() >= claimedAt.getTime() - skewMs,
    )
    const known = await messages
      .find({ _id: { $in: candidates.map(({ msgid }) => msgid) } }, { _id: 1, claimId: 1, batchKey: 1 })
      .lean()
    const others = new Set(
      known
        .filter((each) => each.claimId !== first.claim?.id || each.batchKey !== first.batchKey)
        .map(({ _id }) => _id),
    )
    for (const { msgid } of candidates) {
      if (others.has(msgid)) continue
      const rows = await read.groupMessageResults(msgid, sender)
      const receivers = new Set(rows.map((row) => row.externalUserId ?? row.chatId ?? '').filter((id) => ours.has(id)))
      if (receivers.size > 0) return { msgid, receivers }
    }
    return null
  }

  /** What became of a group whose answer was lost; null: too early to say that it was not accepted. */
  return async (group: Group): Promise<Result | null> => {
    const { first, intents } = group
    const claimedAt = first.claim?.at ?? first.createdAt
    const found = await find(group, claimedAt)
    if (found !== null) {
      const failed = new Set(intents.map(receiverOf).filter((id) => !found.receivers.has(id)))
      const outcome = { kind: 'sent' as const, msgid: found.msgid, failed }
      return { group, outcome, extra: [because('send.unsure_found')] }
    }
    if (clock.now() - claimedAt.getTime() < absentAfterMs) return null
    return { group, outcome: { kind: 'later', afterMs: 0, because: [because('send.unsure_absent')] } }
  }
}

export const lookAgainMs = againMs
export type Reconcile = ReturnType<typeof createReconcile>
