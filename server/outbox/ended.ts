import type { DeliveryState } from '@zhiyin/shared/intent'
import { zonedTime } from '@zhiyin/shared/zone'
import type { Clock } from '../platform/clock.ts'
import type { Caps } from './caps.ts'
import type { FallbackTo } from './fallback.ts'
import type { IntentDoc } from './intents.model.ts'
import type { Passengers } from './passengers.ts'
import type { Receipts } from './receipts.ts'
import type { Tell } from './tell.ts'

/** WeCom says that the customer is not this rep's friend any more. */
export type Noticed = (userid: string, externalUserId: string) => Promise<void>

type Deps = {
  clock: Clock
  zone: string
  caps: Pick<Caps, 'arrived' | 'release'>
  receipts: Pick<Receipts, 'keep'>
  fallback: FallbackTo
  follow: Passengers['follow']
  noticed: Noticed
  tell: Tell
}

/** Ends by which a message did not reach its receiver. */
const missed: ReadonlySet<DeliveryState> = new Set(['not_friend', 'quota_used', 'expired', 'cancelled'])

/** Everything an end brings with it, before the intent is let go of. Safe to repeat: a crash on the way does it again. */
export const createEnded = ({ clock, zone, caps, receipts, fallback, follow, noticed, tell }: Deps) => {
  const momentOf = ({ endedAt, settledAt }: IntentDoc): Date => endedAt ?? settledAt ?? clock.date()

  /** What ends mean for the quota: they took the day's, WeCom says that it was used, or what they had counted is given back. */
  const count = async (settled: readonly IntentDoc[]): Promise<void> => {
    const byDay = new Map<number, IntentDoc[]>()
    for (const intent of settled.filter(({ delivery }) => delivery === 'delivered')) {
      const { day } = zonedTime(momentOf(intent), zone)
      byDay.set(day, [...(byDay.get(day) ?? []), intent])
    }
    for (const [day, arrived] of byDay) await caps.arrived(arrived, day)
    await receipts.keep(
      settled.flatMap((intent) => {
        const { delivery, externalUserId, chatId, msgid, userid } = intent
        const receiver = externalUserId ?? chatId
        if (delivery !== 'quota_used' || receiver === null || msgid === null || userid === null) return []
        return [{ receiver, msgid, userid, at: momentOf(intent), kind: 'quota_used' as const, origin: 'ours' as const }]
      }),
    )
    const gone = settled.filter(
      ({ state, delivery }) => state === 'blocked' || state === 'failed' || missed.has(delivery),
    )
    if (gone.length > 0) await caps.release(gone)
  }

  return async (settled: readonly IntentDoc[]): Promise<void> => {
    if (settled.length === 0) return
    await count(settled)
    await follow(settled)
    await fallback(settled)
    for (const { delivery, userid, externalUserId } of settled)
      if (delivery === 'not_friend' && userid !== null && externalUserId !== null) await noticed(userid, externalUserId)
    await tell(settled)
  }
}

export type Ended = ReturnType<typeof createEnded>
