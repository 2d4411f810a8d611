import { quantileSorted } from 'simple-statistics'
import type { Scope } from '../platform/actor.ts'
import type { Mongo } from '../platform/mongo.ts'
import { messageModel, type MessageDoc } from './messages.model.ts'

/** How long a rep takes to confirm mass messages. Times in ms, of those confirmed; null where there is none. */
export type RepDelay = {
  readonly userid: string
  readonly confirmed: number
  readonly expired: number
  readonly waiting: number
  readonly medianMs: number | null
  readonly p90Ms: number | null
}

type Row = Pick<MessageDoc, 'sender' | 'createdAt' | 'confirmedAt' | 'end' | 'state'>

const delayOf = (userid: string, rows: readonly Row[]): RepDelay => {
  const took = rows
    .flatMap(({ createdAt, confirmedAt }) =>
      confirmedAt === undefined ? [] : [Math.max(0, confirmedAt.getTime() - createdAt.getTime())],
    )
    .toSorted((a, b) => a - b)
  const at = (share: number): number | null => (took.length === 0 ? null : quantileSorted(took, share))
  return {
    userid,
    confirmed: took.length,
    expired: rows.filter(({ end }) => end === 'expired').length,
    waiting: rows.filter(({ state, confirmedAt }) => state === 'open' && confirmedAt === undefined).length,
    medianMs: at(0.5),
    p90Ms: at(0.9),
  }
}

/** From the moment WeCom has a mass message until its rep sends it: one message is one act of the rep, however many receive it. */
export const createDelays = ({ connection }: Pick<Mongo, 'connection'>) => {
  const messages = messageModel(connection)
  return async ({ since, scope }: { since: Date; scope: Scope }): Promise<RepDelay[]> => {
    const mine = scope === null ? {} : { sender: { $in: [...scope] } }
    const rows = await messages
      .find({ createdAt: { $gte: since }, ...mine }, { sender: 1, createdAt: 1, confirmedAt: 1, end: 1, state: 1 })
      .lean<Row[]>()
    const bySender = new Map<string, Row[]>()
    for (const row of rows) bySender.set(row.sender, [...(bySender.get(row.sender) ?? []), row])
    return [...bySender]
      .map(([userid, list]) => delayOf(userid, list))
      .toSorted((a, b) => (b.medianMs ?? -1) - (a.medianMs ?? -1))
  }
}
