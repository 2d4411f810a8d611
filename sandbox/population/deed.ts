import type { Product } from './catalog.ts'
import type { Exchange } from './words.ts'

export type Item = { readonly product: Product; readonly quantity: number }

/** What somebody does; `id` is unique and the same for the same seed, so that doing it twice is harmless. */
export type Act =
  /** Scans a channel's code and becomes a contact. */
  | { readonly kind: 'join' }
  | { readonly kind: 'order'; readonly items: readonly Item[]; readonly total: number }
  | { readonly kind: 'refund'; readonly order: string; readonly amount: number }
  | { readonly kind: 'browse'; readonly event: string; readonly properties: Readonly<Record<string, string | number>> }
  | { readonly kind: 'talk'; readonly exchange: Exchange }
  | { readonly kind: 'join_group' | 'delete_rep' | 'withdraw' }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'remark'; readonly text: string }

/** `at`: minutes since midnight of the first day; under 0 for what the shop knew before. */
export type Deed = Act & { readonly id: string; readonly person: number; readonly at: number }

export const minutesOf = (day: number, minute: number): number => day * 1440 + minute
