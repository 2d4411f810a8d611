export type { ContentItem } from './item.ts'
export type { Rendered } from './render.ts'
export { hasCoupon, type CouponFacts } from './coupon-mark.ts'
export { addressName, groupVarsOf, groupWhoOf, varsOf, whoOf, type Vars } from './vars.ts'
