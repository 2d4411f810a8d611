import type { Problem, ProblemCode } from '@zhiyin/shared/cleaning'

/** A value in its normal form, or why there is none. Cleaning a normal form again leaves it as it is. */
export type Cleaned<T> = { readonly value: T } | { readonly problem: Problem }

const longest = 60

export const refuse = (code: ProblemCode, value: string): { readonly problem: Problem } => ({
  problem: { code, params: { value: value.length > longest ? `${value.slice(0, longest)}…` : value } },
})
