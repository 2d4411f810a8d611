import type { Condition } from '@zhiyin/shared/condition'
import type { LevelsRead } from '../profile/levels/read.ts'
import type { Definitions } from '../profile/types.ts'

/** What the room needs of the customers. */
export type Customers = LevelsRead

/** Something outside the room that asks for levels, with all its conditions. */
export type Asking = {
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly conditions: readonly Condition[]
}

export type FreshDefinitions = () => Promise<Definitions>

/** A move in some scheme that is kept as a fact, by the keys of the levels; `from` null: the first level known. */
export type LevelMoved = {
  readonly customerId: string
  readonly schemeId: string
  readonly at: Date
  readonly from: string | null
  readonly to: string
}
