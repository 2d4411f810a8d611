import type { Condition } from '@zhiyin/shared/condition'
import type { NewFact } from '@zhiyin/shared/fact'
import type { SegmentUse } from '@zhiyin/shared/segment'
import type { CustomerFilter } from '../conditions/filter.ts'
import type { Identity, Reach } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import type { CustomerView } from '../profile/view.ts'

/** What the room needs of the customers. */
export type Customers = {
  /** In the order of ids, after one of them. */
  readonly scan: (filter: CustomerFilter, after: string | null, limit: number) => Promise<readonly CustomerView[]>
  /** In no order. */
  readonly some: (filter: CustomerFilter, limit: number) => Promise<readonly CustomerView[]>
  readonly count: (filter: CustomerFilter, few?: 'by_consent') => Promise<number>
  /** Where to reach each of them, sealed as it is kept. */
  readonly reach: (ids: readonly string[], definitions: Definitions) => Promise<ReadonlyMap<string, Reach>>
  readonly views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  /** Whose each identity is; those nobody has are left out. Keys are `kind:value`. */
  readonly owners: (identities: readonly Identity[]) => Promise<ReadonlyMap<string, string>>
}

/** How far the working out of everybody has come since it was last asked for; null: never asked for. */
export type Recompute = {
  readonly want: () => Promise<void>
  readonly progress: () => Promise<{ wantedAt: Date; doneAt: Date | null; done: number } | null>
}

/** Something outside this room that asks for segments, with all its conditions. */
export type Asking = SegmentUse & {
  readonly conditions: readonly Condition[]
  readonly segmentIds?: readonly string[]
  /** The tags it begins with, puts on or takes off. */
  readonly tagIds?: readonly string[]
}

export type DefinitionsNow = { readonly get: () => Promise<Definitions>; readonly fresh: () => Promise<Definitions> }
export type AppendFacts = (facts: readonly NewFact[]) => Promise<unknown>

/** For who works through many: facts are stored without telling anybody, then their customers worked through, in turns of their own. */
export type Apart = {
  readonly keep: (facts: readonly NewFact[]) => Promise<void>
  readonly deliver: (customerIds: readonly string[]) => Promise<void>
}
export type Names = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
