import { z } from 'zod'

/** What WeCom allows in a rep's notes on a customer (备注): characters, an emoji is one. */
export const contactLimits = { remark: 20, description: 150, company: 20, mobile: 20, mobiles: 10 } as const

export const charsOf = (text: string): number => [...text].length

const chars = (most: number) =>
  z
    .string()
    .trim()
    .refine((text) => charsOf(text) <= most, `≤ ${most}`)

/** A phone as people write it: digits with spaces, dashes or a plus before them. */
const mobile = z
  .string()
  .trim()
  .max(contactLimits.mobile)
  .regex(/^\+?\d[\d -]{3,}$/, '13800138000')

/** A change of what one rep notes of one customer: an absent field stays as it is, '' empties it, `mobiles` replaces the list. */
export const ContactChange = z
  .object({
    userid: z.string().min(1).max(64),
    remark: chars(contactLimits.remark).optional(),
    description: chars(contactLimits.description).optional(),
    company: chars(contactLimits.company).optional(),
    mobiles: z.array(mobile).max(contactLimits.mobiles).optional(),
  })
  .refine(
    ({ remark, description, company, mobiles }) =>
      [remark, description, company, mobiles].some((field) => field !== undefined),
    'remark, description, company or mobiles',
  )
export type ContactChange = z.infer<typeof ContactChange>
