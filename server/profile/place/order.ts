import { leavesOf, type Condition } from '@zhiyin/shared/condition'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'
import type { Definitions, SegmentRule, TagRule } from '../types.ts'

/** One thing to find out about a customer. */
export type Judged =
  | { readonly kind: 'scheme'; readonly key: string; readonly of: TierScheme; readonly primary: boolean }
  | { readonly kind: 'tag'; readonly key: string; readonly of: TagRule }
  | { readonly kind: 'segment'; readonly key: string; readonly of: SegmentRule }

const conditionsOf = (one: Judged): Condition[] => {
  if (one.kind !== 'scheme') return one.of.condition === null ? [] : [one.of.condition]
  return one.of.how.type === 'table' ? one.of.how.rows.map(({ condition }) => condition) : []
}

/** Whether what a leaf asks for is what `one` finds out. */
const asksFor = (leaf: Condition, one: Judged): boolean => {
  switch (leaf.type) {
    case 'tier':
      return one.kind === 'scheme' && one.primary
    case 'level':
      return one.kind === 'scheme' && one.of.id === leaf.schemeId
    case 'tag':
      return one.kind === 'tag' && one.of.tagId === leaf.tagId
    case 'segment':
      return one.kind === 'segment' && one.of.id === leaf.segmentId
    default:
      return false
  }
}

const judgedOf = ({
  schemes,
  tagRules,
  segments,
}: Pick<Definitions, 'schemes' | 'tagRules' | 'segments'>): Judged[] => [
  ...schemes.map((of, i): Judged => ({ kind: 'scheme', key: `scheme:${of.id}`, of, primary: i === 0 })),
  ...tagRules.map((of): Judged => ({ kind: 'tag', key: `tag:${of.id}`, of })),
  ...segments.map((of): Judged => ({ kind: 'segment', key: `segment:${of.id}`, of })),
]

/** Of those that could not be found out, the ones somebody else of them asks for: who only asks is in no circle. */
const askingForEachOther = (
  all: readonly Judged[],
  needs: ReadonlyMap<string, readonly string[]>,
  done: ReadonlySet<string>,
): string[] => {
  let left = all.map(({ key }) => key).filter((key) => !done.has(key))
  for (;;) {
    const asked = new Set(left.flatMap((key) => needs.get(key) ?? []))
    const next = left.filter((key) => asked.has(key))
    if (next.length === left.length) return left
    left = next
  }
}

/** Everything to find out, each after what it asks for; `circle` names those that ask for each other, who cannot be. */
export const orderOf = (
  definitions: Pick<Definitions, 'schemes' | 'tagRules' | 'segments'>,
): { readonly order: readonly Judged[]; readonly circle: readonly string[] } => {
  const all = judgedOf(definitions)
  const needs = new Map(
    all.map((one) => {
      const leaves = conditionsOf(one).flatMap(leavesOf)
      return [one.key, all.filter((other) => leaves.some((leaf) => asksFor(leaf, other))).map(({ key }) => key)]
    }),
  )
  const order: Judged[] = []
  const done = new Set<string>()
  for (;;) {
    const ready = all.filter(({ key }) => !done.has(key) && (needs.get(key) ?? []).every((other) => done.has(other)))
    if (ready.length === 0) return { order, circle: askingForEachOther(all, needs, done) }
    for (const one of ready) done.add(one.key)
    order.push(...ready)
  }
}

const orders = new WeakMap<Definitions, readonly Judged[]>()

/** The same, worked out once for each set of definitions; those in a circle hold for nobody. */
export const orderFor = (definitions: Definitions): readonly Judged[] => {
  const known = orders.get(definitions)
  if (known !== undefined) return known
  const { order } = orderOf(definitions)
  orders.set(definitions, order)
  return order
}
