import { api } from '@zhiyin/shared/api'
import { chanceOf } from '../population/random.ts'
import type { Product } from './product.ts'

const batches = {
  thirty: { name: '30 元老客券', value: '无门槛减 30', mark: 'CX30' },
  sixty: { name: '60 元老客券', value: '满 300 减 60', mark: 'CX60' },
} as const

type Batch = keyof typeof batches
export type CouponIds = Readonly<Record<Batch, string>>

/** Codes of a batch; a shop hands over many more. */
const codesOfBatch = 240
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const codeOf = (mark: string, nth: number): string => {
  const chance = chanceOf('coupon', mark, nth)
  return `${mark}-${Array.from({ length: 6 }, () => letters[chance.int(0, letters.length - 1)] ?? 'A').join('')}`
}

const makeBatch = async ({ call }: Product, { name, value, mark }: (typeof batches)[Batch]): Promise<string> => {
  const { items } = await call(api.coupons.list)
  const { id } =
    items.find((batch) => batch.name === name) ?? (await call(api.coupons.create, { body: { name, value } }))
  const codes = Array.from({ length: codesOfBatch }, (_, nth) => codeOf(mark, nth)).join('\n')
  // Codes that are in already are left out.
  await call(api.coupons.addCodes, { params: { id }, file: new TextEncoder().encode(codes) })
  return id
}

/** The coupons the shop gave out codes of; what is there already is kept. */
export const makeCoupons = async (product: Product): Promise<CouponIds> => ({
  thirty: await makeBatch(product, batches.thirty),
  sixty: await makeBatch(product, batches.sixty),
})
