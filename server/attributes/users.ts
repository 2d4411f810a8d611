import { leavesOf, type Condition } from '@zhiyin/shared/condition'

/** Something that asks conditions, by name. */
type Asking = { readonly name: string; readonly conditions: readonly Condition[] }

/** Whoever asks for an attribute. */
export const usersOf = (key: string, asking: readonly Asking[]): string[] =>
  asking.flatMap(({ name, conditions }) =>
    conditions.flatMap(leavesOf).some((leaf) => leaf.type === 'attribute' && leaf.key === key) ? [name] : [],
  )
