import { coupons as endpoints } from '@zhiyin/shared/api/coupons'
import type { Coupon } from '@zhiyin/shared/coupon'
import { writeCoupon } from '../commands/write-coupon.ts'
import type { CouponItem, Coupons } from '../coupons/coupons.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeCoupon>[0] & { coupons: Coupons }

const present = ({ _id, expiresAt, createdAt, ...rest }: CouponItem): Coupon => ({
  ...rest,
  id: _id,
  low: rest.left <= rest.lowAt,
  expiresAt: expiresAt?.toISOString() ?? null,
  createdAt: createdAt.toISOString(),
})

export const couponsApi = ({ coupons, audit }: Deps): Bound[] => {
  const { write, addCodes } = writeCoupon({ coupons, audit })
  return [
    bind(endpoints.list, async () => ({ items: (await coupons.list()).map(present) })),
    bind(endpoints.create, async ({ actor, body }) => present(await write(actor, null, body))),
    bind(endpoints.update, async ({ actor, params, body }) => present(await write(actor, params.id, body))),
    bind(endpoints.addCodes, async ({ actor, params, file }) => {
      const taken = await addCodes(actor, params.id, new TextDecoder().decode(await file()))
      return { coupon: present(await coupons.get(params.id)), taken }
    }),
  ]
}
