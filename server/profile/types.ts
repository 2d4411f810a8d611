import type { Attribute } from '@zhiyin/shared/attribute'
import type { Condition } from '@zhiyin/shared/condition'
import type { StageSettings } from '@zhiyin/shared/stage'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'

/** A tag that is on whoever meets a condition. */
export type TagRule = {
  readonly id: string
  readonly name: string
  readonly tagId: string
  readonly tag: string
  readonly condition: Condition
  /** Another one after any change. */
  readonly version: number
}

/** A segment that customers enter and leave by themselves; without a condition a static list, whose members people choose. */
export type SegmentRule = { readonly id: string; readonly name: string; readonly condition: Condition | null }

/** What holds for tags, whoever puts them on. */
export type TagTerms = {
  /** The tags of each group of which one at a time is on. */
  readonly exclusive: readonly (readonly string[])[]
  /** After how many days, or at which moment, a tag goes off by itself. */
  readonly expiry: Readonly<Record<string, { readonly days: number } | { readonly at: Date }>>
}

/** Everything managers define that decides where a customer stands. */
export type Definitions = {
  /** Another one after any change (version.ts). */
  readonly version: string
  readonly stages: StageSettings
  /** The primary scheme first. */
  readonly schemes: readonly [TierScheme, ...TierScheme[]]
  readonly attributes: readonly Attribute[]
  readonly tagRules: readonly TagRule[]
  readonly tags: TagTerms
  readonly segments: readonly SegmentRule[]
  /** Whether nobody is profiled without a recorded consent; absent: only who withdrew it is not. */
  readonly profilingNeedsGrant?: boolean
  /** The company's, of times that name none; absent: that of a company that names none. */
  readonly zone?: string
}
