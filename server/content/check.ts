import { textsOf, type ContentBody, type ContentInput } from '@zhiyin/shared/content'
import { AppError } from '../platform/errors.ts'
import { compile } from './template.ts'
import type { Catalog } from './variables.ts'

type Batched = { readonly body: ContentBody; readonly couponId: string | null }

type Bodies = Pick<ContentInput, 'body' | 'variants'> & Partial<Pick<ContentInput, 'couponId'>>
/** The default body and the variants, each with the batch its codes come from. */
export const bodiesOf = ({ body, variants, couponId = null }: Bodies): Batched[] => [
  { body, couponId },
  ...variants.map((each) => ({ body: each.body, couponId: each.couponId ?? couponId })),
]

/** Throws content.* for the first template that is wrong, or names a coupon where no batch is chosen. */
export const checkTemplates = (input: Bodies, catalog: Catalog): void => {
  for (const { body, couponId } of bodiesOf(input))
    for (const { text } of textsOf(body)) {
      const { paths } = compile(text, catalog)
      if (couponId === null && paths.some((path) => path.startsWith('coupon.')))
        throw new AppError('content.coupon', { status: 422 })
    }
}
