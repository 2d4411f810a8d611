import { losses as endpoints } from '@zhiyin/shared/api/losses'
import type { LossesRead } from '../losses/read.ts'
import { scopeOf } from '../platform/actor.ts'
import type { ProfileRead } from '../profile/read.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, pageSeen, type Sees } from './seen.ts'

type Deps = {
  lossesRead: LossesRead
  views: ProfileRead['views']
  sees: Sees
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

export const lossesApi = ({ lossesRead, views, sees, names }: Deps): Bound[] => [
  bind(endpoints.list, async ({ actor, query }) => {
    const { items, next } = await pageSeen(
      query.after,
      (after) => lossesRead.list({ ...query, after, scope: scopeOf(actor) }),
      onlySeen(sees, actor, ({ customerId }) => [customerId]),
    )
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
