import type { ContentBody } from '@zhiyin/shared/content'
import { couponMarks } from '@zhiyin/shared/coupon'

/** What of a batch of coupons a message says besides the code. */
export type CouponFacts = { readonly value: string; readonly expiresAt: Date | null }

/**
 * Stands for a code in a rendered body until the message is wanted: only then one is taken, so that previews and trials take none.
 * Readable, for it is seen in previews.
 */
const mark = (couponId: string): string => `〔券码 ${couponId}〕`

export const couponMark = (couponId: string, { value, expiresAt }: CouponFacts, timeZone: string) => ({
  'coupon.code': mark(couponId),
  'coupon.value': value,
  ...(expiresAt === null
    ? {}
    : {
        'coupon.expires': new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', timeZone }).format(
          expiresAt,
        ),
      }),
})

/** Whether a code is yet to be taken for a body. */
export const hasCoupon = ({ text, attachments }: ContentBody): boolean =>
  `${text}${JSON.stringify(attachments)}`.search(couponMarks) !== -1
