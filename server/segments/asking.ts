import type { Condition } from '@zhiyin/shared/condition'
import { conditionsOf, type Rule } from '@zhiyin/shared/rule'
import type { Definitions } from '../profile/types.ts'
import type { Asking } from './types.ts'

type RuleLike = Pick<Rule, 'name' | 'trigger' | 'condition' | 'steps'> & { readonly _id: string }
type BroadcastLike = { readonly _id: string; readonly name: string; readonly condition: Condition | null }

/** Tier schemes and tag rules that ask for segments. */
export const askingDefinitions = ({ schemes, tagRules }: Pick<Definitions, 'schemes' | 'tagRules'>): Asking[] => [
  ...schemes.map(({ id, name, how }): Asking => ({
    kind: 'scheme',
    id,
    name,
    conditions: how.type === 'table' ? how.rows.map(({ condition }) => condition) : [],
  })),
  ...tagRules.map(({ id, tag, condition }): Asking => ({ kind: 'tag', id, name: tag, conditions: [condition] })),
]

/** Rules by what takes customers in, by their condition, the checks on the way and the tags they change. */
export const askingRules = (rules: readonly RuleLike[]): Asking[] =>
  rules.map(({ _id, name, trigger, condition, steps }) => ({
    kind: 'rule',
    id: _id,
    name,
    conditions: [condition, ...steps.flatMap(conditionsOf)],
    segmentIds:
      trigger.type === 'segment.entered' || trigger.type === 'segment.left' ? trigger.segments.map(({ id }) => id) : [],
    tagIds: [
      ...(trigger.type === 'tag.added' || trigger.type === 'tag.removed' ? trigger.tags.map(({ id }) => id) : []),
      ...steps.flatMap((step) => (step.type === 'tag' ? [...step.add, ...step.remove] : [])),
    ],
  }))

/** Segments by their condition. */
export const askingSegments = (
  segments: readonly { readonly id: string; readonly name: string; readonly condition: Condition | null }[],
): Asking[] =>
  segments.map(({ id, name, condition }) => ({
    kind: 'segment',
    id,
    name,
    conditions: condition === null ? [] : [condition],
  }))

/** Broadcasts whose receivers are still to be found. */
export const askingBroadcasts = (broadcasts: readonly BroadcastLike[]): Asking[] =>
  broadcasts.map(({ _id, name, condition }) => ({
    kind: 'broadcast',
    id: _id,
    name,
    conditions: condition === null ? [] : [condition],
  }))
