import type { CouponIds } from '../coupons.ts'
import { care } from './care.ts'
import { groups } from './groups.ts'
import { recall } from './recall.ts'

/** What the brand writes, in folders, a variant per tier or stage where the tone should differ. */
export const contentsOf = (coupons: CouponIds) => ({ ...care, ...recall(coupons), ...groups })
export type ContentKey = keyof ReturnType<typeof contentsOf>
