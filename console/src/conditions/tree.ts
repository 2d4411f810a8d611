import type { Condition } from '@zhiyin/shared/condition'

export type Group = Extract<Condition, { type: 'all' | 'any' }>
export type Leaf = Exclude<Condition, { type: 'all' | 'any' | 'not' }>
/** How the parts of a group belong together: all, one of them, none, or not all of them at once. */
export const joins = ['all', 'any', 'none', 'notAll'] as const
export type Join = (typeof joins)[number]

export const everyone: Condition = { type: 'all', of: [] }

export const isEveryone = (condition: Condition): boolean => condition.type === 'all' && condition.of.length === 0

export const isGroup = (condition: Condition): condition is Group =>
  condition.type === 'all' || condition.type === 'any'

/** A condition without its negation: what it denies, and whether it does. Denying twice denies nothing. */
export const bare = (condition: Condition, not = false): { not: boolean; inner: Leaf | Group } =>
  condition.type === 'not' ? bare(condition.of, !not) : { not, inner: condition }

export const denied = (inner: Leaf | Group, not: boolean): Condition => (not ? { type: 'not', of: inner } : inner)

/** A condition as a group with parts; a leaf, and what is denied as a whole, stands alone in one. */
export const rootOf = (condition: Condition): Group =>
  isGroup(condition) ? condition : { type: 'all', of: [condition] }

export const joinOf = (condition: Condition): Join => {
  const { not, inner } = bare(condition)
  if (inner.type === 'any') return not ? 'none' : 'any'
  return not ? 'notAll' : 'all'
}

/** A group of these parts, joined so. */
export const joined = (of: Condition[], join: Join): Condition =>
  denied({ type: join === 'any' || join === 'none' ? 'any' : 'all', of }, join === 'none' || join === 'notAll')

/** A root of these parts; none is everyone. */
export const rooted = (of: Condition[], type: Group['type']): Condition => (of.length === 0 ? everyone : { type, of })

/** The name of what a leaf still lacks; undefined when it is whole. */
export const gapOf = (leaf: Leaf): string | undefined => {
  switch (leaf.type) {
    case 'stage':
      return leaf.in.length === 0 ? 'stages' : undefined
    case 'tier':
      return leaf.in.length === 0 ? 'tiers' : undefined
    case 'level':
      return leaf.schemeId === '' || leaf.in.length === 0 ? 'levels' : undefined
    case 'tag':
      return leaf.tagId === '' ? 'tag' : undefined
    case 'attribute': {
      if (leaf.key === '') return 'attribute'
      const { test } = leaf
      if (test.op === 'is') return test.values.length === 0 ? 'value' : undefined
      return test.op === 'begins' && test.value === '' ? 'value' : undefined
    }
    case 'group':
      return leaf.chatIds.length === 0 ? 'chats' : undefined
    case 'segment':
      return leaf.segmentId === '' ? 'segment' : undefined
    default:
      return undefined
  }
}

/** What a condition still lacks before it can be asked; an emptied group within it asks for nothing. */
export const gapsOfCondition = (condition: Condition, root = true): string[] => {
  const { inner } = bare(condition)
  if (!isGroup(inner)) return [gapOf(inner) ?? []].flat()
  if (inner.of.length === 0 && !root) return ['condition']
  return inner.of.flatMap((part) => gapsOfCondition(part, false))
}

/** A leaf of each kind to begin with. */
const starts: Readonly<Record<Leaf['type'], Leaf>> = {
  stage: { type: 'stage', in: ['silent'] },
  tier: { type: 'tier', in: ['A'] },
  level: { type: 'level', schemeId: '', in: [] },
  tag: { type: 'tag', tagId: '', tag: '' },
  attribute: { type: 'attribute', key: '', test: { op: 'known' } },
  orders: { type: 'orders', op: 'gte', value: 1 },
  silent: { type: 'silent', minDays: 30 },
  rhythm: { type: 'rhythm', factor: 1.5 },
  event: { type: 'event', of: { event: 'order.completed' }, op: 'gte', count: 1, withinDays: 30 },
  sequence: {
    type: 'sequence',
    first: { event: 'behavior.tracked', name: 'Product Viewed' },
    next: { event: 'order.completed' },
    withinDays: 7,
    sinceDays: 90,
  },
  group: { type: 'group', chatIds: [] },
  segment: { type: 'segment', segmentId: '', segment: '' },
}
export const startOf = (kind: Leaf['type']): Leaf => structuredClone(starts[kind])

export const leafKinds = [
  'stage',
  'tier',
  'level',
  'tag',
  'attribute',
  'orders',
  'silent',
  'rhythm',
  'event',
  'sequence',
  'group',
  'segment',
] as const satisfies readonly Leaf['type'][]
