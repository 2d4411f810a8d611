import { setTimeout as sleep } from 'node:timers/promises'
import { api } from '@zhiyin/shared/api'
import type { Backlog } from '@zhiyin/shared/api/system'
import { admin } from '../wecom/admin/api.ts'
import { t } from '../start/language.ts'
import type { Product } from './product.ts'
import type { Wecom } from './wecom.ts'

/**
 * Each look costs the product a few dozen counts, so the first comes when most is done, and the others leave it twice the time that
 * a look takes: a slow machine is not kept busy with being asked.
 */
const firstMs = 40
const pauseMs = (took: number): number => Math.min(500, Math.max(40, 2 * took))
/** Mass messages are held for a moment so that more may go out together; a still company need not wait for it. */
const hurryAfterMs = 50
const hurryMs = 2_500
/** A disk that others keep busy may hold up everything for a minute or two. */
const patienceMs = 180_000

type Work = { readonly stages: readonly string[]; readonly left: number }

const workOf = ({ stages }: Backlog): Work => {
  const busy = stages.filter(({ pending, due }) => pending + due > 0)
  return {
    stages: busy.map(({ stage }) => stage),
    left: busy.reduce((sum, { pending, due }) => sum + pending + due, 0),
  }
}

/** Waits until no callback is on its way and the product has nothing under way. */
export const createSettle = (wecom: Wecom, product: Product) => {
  const look = async (): Promise<Work> => {
    const { pendingCallbacks } = await wecom.call(admin.callbacks.idle)
    return pendingCallbacks > 0
      ? { stages: ['callbacks'], left: pendingCallbacks }
      : workOf(await product.call(api.system.backlog))
  }

  return async (): Promise<void> => {
    let moved = Date.now()
    let least = Infinity
    let gathering = 0
    await sleep(firstMs)
    for (;;) {
      const asked = Date.now()
      const { stages, left } = await look()
      if (stages.length === 0) return
      if (left < least) {
        least = left
        moved = Date.now()
      }
      if (Date.now() - moved > patienceMs)
        throw new Error(
          t(
            `产品三分钟没有进展（${stages.join()}），机器可能太忙；再启动一次会接着来`,
            `The product has not got on for three minutes (${stages.join()}); the machine may be too busy. Start again and it goes on from here`,
          ),
        )
      gathering = stages.length === 1 && stages[0] === 'outbox' ? gathering || Date.now() : 0
      if (gathering > 0 && Date.now() - gathering > hurryAfterMs) {
        await wecom.goTo((await wecom.now()) + hurryMs)
        gathering = 0
      } else await sleep(pauseMs(Date.now() - asked))
    }
  }
}
export type Settle = ReturnType<typeof createSettle>
