import { waysOf, type Step, type Way } from '@zhiyin/shared/rule'

/** A way out of a step; `stepId` null: the way in, to where everybody begins. */
export type WayRef = { readonly stepId: string | null; readonly arm: string | null }
type Edge = Way & { readonly from: string }

export const begin: WayRef = { stepId: null, arm: null }

/** Every way of the rule, in the order of the steps. */
export const edgesOf = (steps: readonly Step[]): Edge[] =>
  steps.flatMap((step, index) => waysOf(steps, index).map((way) => ({ ...way, from: step.id })))

/** The steps somebody can come to who stands at `from`, itself among them. */
export const reachedFrom = (steps: readonly Step[], from: string | null | undefined): Set<string> => {
  const leads = new Map(steps.map(({ id }, index) => [id, waysOf(steps, index)]))
  const reached = new Set<string>()
  const open = [from]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const ways = id === null || reached.has(id) ? undefined : leads.get(id)
    if (id === null || ways === undefined) continue
    reached.add(id)
    open.push(...ways.map(({ to }) => to))
  }
  return reached
}

/** Whether leading a way of `from` to `to` would let somebody walk in a circle. */
export const wouldLoop = (steps: readonly Step[], from: string, to: string): boolean => reachedFrom(steps, to).has(from)

/** How far each step is set in when the rule is read as a list: one further for every fork it stands in an arm of. */
export const depthsOf = (steps: readonly Step[]): Map<string, number> => {
  const edges = edgesOf(steps)
  const written = explicit(steps)
  const first = steps[0]?.id
  const depths = new Map<string, number>()
  /** The nearest step that everybody passes who comes to `id`. */
  const gate = (id: string): string | undefined =>
    written.findLast((each) => {
      if (each.id === id || !depths.has(each.id)) return false
      const without = written.filter((other) => other !== each)
      return each.id === first || !reachedFrom(without, first).has(id)
    })?.id
  for (const { id } of steps) {
    const into = edges.filter(({ to }) => to === id)
    const [only] = into
    if (id === first || only === undefined) depths.set(id, 0)
    else if (into.length === 1) depths.set(id, (depths.get(only.from) ?? 0) + (only.arm === null ? 0 : 1))
    else depths.set(id, depths.get(gate(id) ?? '') ?? 0)
  }
  return depths
}

/** The step with this way led elsewhere. */
export const withWay = (step: Step, arm: string | null, to: string | null): Step => {
  switch (step.type) {
    case 'exit':
      return step
    case 'split':
      return { ...step, arms: step.arms.map((each) => (each.id === arm ? { ...each, next: to } : each)) }
    case 'branch':
      return arm === 'otherwise'
        ? { ...step, otherwise: to }
        : { ...step, arms: step.arms.map((each) => (each.id === arm ? { ...each, next: to } : each)) }
    case 'wait_until':
      return arm === 'otherwise' ? { ...step, otherwise: to } : { ...step, next: to }
    default:
      return { ...step, next: to }
  }
}

/** The same graph with every way written out, so that the order of the list no longer matters. */
export const explicit = (steps: readonly Step[]): Step[] =>
  steps.map((step, index) => waysOf(steps, index).reduce((changed, { arm, to }) => withWay(changed, arm, to), step))
