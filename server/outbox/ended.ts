import type { FallbackTo } from './fallback.ts'
import type { IntentDoc } from './intents.model.ts'
import type { Passengers } from './passengers.ts'
import type { Tell } from './tell.ts'

/** WeCom says that the customer is not this rep's friend any more. */
export type Noticed = (userid: string, externalUserId: string) => Promise<void>

type Deps = { fallback: FallbackTo; follow: Passengers['follow']; noticed: Noticed; tell: Tell }

/** Everything an end brings with it, before the intent is let go of. Safe to repeat: a crash on the way does it again. */
export const createEnded =
  ({ fallback, follow, noticed, tell }: Deps) =>
  async (settled: readonly IntentDoc[]): Promise<void> => {
    if (settled.length === 0) return
    await follow(settled)
    await fallback(settled)
    for (const { delivery, userid, externalUserId } of settled)
      if (delivery === 'not_friend' && userid !== null && externalUserId !== null) await noticed(userid, externalUserId)
    await tell(settled)
  }

export type Ended = ReturnType<typeof createEnded>
