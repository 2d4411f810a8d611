import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { Backlog } from '@zhiyin/shared/api/system'
import type { Product } from './product.ts'
import type { Wecom } from './wecom.ts'

const Idle = z.object({ pendingCallbacks: z.int() })
/** Each look costs the product a few dozen counts, so the first comes when most is done and the others not at once. */
const firstMs = 40
const pauseMs = 40
/** Mass messages are held for a moment so that more may go out together; a still company need not wait for it. */
const hurryAfterMs = 50
const hurryMs = 2_500
const patienceMs = 60_000

const busy = ({ stages }: Backlog): string[] =>
  stages.filter(({ pending, due }) => pending + due > 0).map(({ stage }) => stage)

/** Waits until no callback is on its way and the product has nothing under way. */
export const createSettle = (wecom: Wecom, product: Product) => {
  const look = async (): Promise<string[]> => {
    const { pendingCallbacks } = await wecom.look('idle', Idle)
    return pendingCallbacks > 0 ? ['callbacks'] : busy(await product.call(api.system.backlog))
  }

  return async (): Promise<void> => {
    const began = Date.now()
    let gathering = 0
    await sleep(firstMs)
    for (;;) {
      const stages = await look()
      if (stages.length === 0) return
      if (Date.now() - began > patienceMs)
        throw new Error(`The product is still at work after a minute: ${stages.join()}`)
      gathering = stages.length === 1 && stages[0] === 'outbox' ? gathering || Date.now() : 0
      if (gathering > 0 && Date.now() - gathering > hurryAfterMs) {
        await wecom.goTo((await wecom.now()) + hurryMs)
        gathering = 0
      } else await sleep(pauseMs)
    }
  }
}
export type Settle = ReturnType<typeof createSettle>
