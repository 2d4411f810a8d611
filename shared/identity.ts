import { z } from 'zod'
import { Because } from './because/index.ts'
import { CustomerRow } from './customer.ts'

/** An identity as a person may see it; phones and e-mail addresses are masked. `kind` is one of labels.identity. */
export const ShownIdentity = z.object({ kind: z.string(), value: z.string() })
export type ShownIdentity = z.infer<typeof ShownIdentity>

export const CustomerIdentity = ShownIdentity.extend({
  since: z.iso.datetime(),
  /** What the customer was called through whom it came, where that was somebody of their own before. */
  through: z.string().nullable(),
})
export type CustomerIdentity = z.infer<typeof CustomerIdentity>

const MergeState = z.enum(['joining', 'joined', 'parting', 'parted'])

const Named = z.object({ id: z.string(), name: z.string() })

/** Two customers who became one, and perhaps two again. */
export const CustomerMerge = z.object({
  id: z.string(),
  into: Named,
  from: Named,
  at: z.iso.datetime(),
  /** The member who decided; null: it went by itself. */
  by: z.string().nullable(),
  because: z.array(Because),
  identities: z.array(ShownIdentity),
  note: z.string(),
  state: MergeState,
  parted: z.object({ at: z.iso.datetime(), by: z.string(), note: z.string() }).nullable(),
})
export type CustomerMerge = z.infer<typeof CustomerMerge>

export const ReviewPerson = CustomerRow.extend({ identities: z.array(ShownIdentity) })
export type ReviewPerson = z.infer<typeof ReviewPerson>

/** Two customers of whom it is in doubt whether they are one. */
export const IdentityReview = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** What they share. */
  shared: z.array(ShownIdentity),
  people: z.tuple([ReviewPerson, ReviewPerson]),
  /** `free`: either may stay; an id: only this one may, for WeCom knows them; `two`: both are WeCom contacts and cannot be one. */
  keep: z.union([z.literal('free'), z.literal('two'), z.string()]),
  decided: z.object({ by: z.string(), at: z.iso.datetime(), note: z.string() }).nullable(),
})
export type IdentityReview = z.infer<typeof IdentityReview>
