import { z } from 'zod'
import { CodesTaken, Coupon, CouponInput } from '../coupon.ts'
import { endpoint, IdParams, none } from './endpoint.ts'

const mostBytes = 4 * 1024 * 1024

export const coupons = {
  list: endpoint({
    method: 'GET',
    path: '/api/coupons',
    permission: 'manager',
    summary: 'Batches of coupon codes with what is left of each',
    params: none,
    query: none,
    body: none,
    output: z.object({ items: z.array(Coupon) }),
  }),
  create: endpoint({
    method: 'POST',
    path: '/api/coupons',
    permission: 'manager',
    summary: 'Make a batch of coupon codes, empty at first',
    params: none,
    query: none,
    body: CouponInput,
    output: Coupon,
  }),
  update: endpoint({
    method: 'PUT',
    path: '/api/coupons/:id',
    permission: 'manager',
    summary: 'Change name, value, expiry or low mark of a batch',
    params: IdParams,
    query: none,
    body: CouponInput,
    output: Coupon,
  }),
  addCodes: endpoint({
    method: 'POST',
    path: '/api/coupons/:id/codes',
    permission: 'manager',
    summary: 'Put codes into a batch: a text with one in each line, or a CSV file with them in the first column',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ coupon: Coupon, taken: CodesTaken }),
    upload: mostBytes,
  }),
}
