import { losses as endpoints } from '@zhiyin/shared/api/losses'
import type { LossesRead } from '../losses/read.ts'
import { scopeOf } from '../platform/actor.ts'
import type { ProfileRead } from '../profile/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = {
  lossesRead: LossesRead
  views: ProfileRead['views']
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

export const lossesApi = ({ lossesRead, views, names }: Deps): Bound[] => [
  bind(endpoints.list, async ({ actor, query }) => {
    const { items, next } = await lossesRead.list({ ...query, scope: scopeOf(actor) })
    const customers = new Map((await views(items.map(({ customerId }) => customerId))).map((one) => [one.id, one]))
    const holders = (customerId: string): string[] =>
      (customers.get(customerId)?.follows ?? []).flatMap(({ userid, state }) => (state === 'following' ? userid : []))
    const known = await names(items.flatMap(({ customerId, userid }) => [userid, ...holders(customerId)]))
    const repOf = (userid: string) => ({ userid, name: known.get(userid) ?? userid })
    return {
      items: items.map(({ customerId, userid, at, times, wonBackAt }) => ({
        customerId,
        customer: customers.get(customerId)?.name ?? '',
        rep: repOf(userid),
        at: at.toISOString(),
        times,
        heldBy: holders(customerId).map(repOf),
        wonBackAt: wonBackAt?.toISOString() ?? null,
      })),
      next,
    }
  }),
]
