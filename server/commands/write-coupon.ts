import type { CodesTaken, CouponInput } from '@zhiyin/shared/coupon'
import type { Audit } from '../audit/audit.ts'
import type { CouponItem, Coupons } from '../coupons/coupons.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { coupons: Coupons; audit: Audit }

/** A manager makes a batch of coupon codes, changes it, puts codes into it. */
export const writeCoupon = ({ coupons, audit }: Deps) => ({
  async write(actor: SignedIn, id: string | null, input: CouponInput): Promise<CouponItem> {
    const item = id === null ? await coupons.create(input, nameOf(actor)) : await coupons.update(id, input)
    const act = id === null ? 'coupon.create' : 'coupon.update'
    await audit.record({ actor, act, subject: `coupon:${item._id}`, detail: { name: item.name } })
    return item
  },
  async addCodes(actor: SignedIn, id: string, text: string): Promise<CodesTaken> {
    const taken = await coupons.add(id, text)
    const detail = { created: taken.added, same: taken.known, rejected: taken.wrong.length }
    await audit.record({ actor, act: 'coupon.add_codes', subject: `coupon:${id}`, detail })
    return taken
  },
})
