import { waysOf, type Step } from '@zhiyin/shared/rule'
import { edgesOf, explicit, reachedFrom, withWay, wouldLoop, type WayRef } from './graph.ts'

const withoutNext = (step: Step): Step => {
  if (!('next' in step)) return step
  const { next: _implied, ...rest } = step
  return rest
}

/**
 * The same graph as a list that reads well: everybody begins at the first, a step stands after all that lead to it, the arms of a fork one
 * after the other; a step that leads to the one after it need not say so. Steps nobody comes to stand at the end.
 */
export const tidy = (steps: readonly Step[], first: string | null | undefined): Step[] => {
  const written = explicit(steps)
  const byId = new Map(written.map((step, index) => [step.id, { step, ways: waysOf(written, index) }]))
  const order: Step[] = []
  const seen = new Set<string>()
  const visit = (id: string | null): void => {
    const found = id === null || seen.has(id) ? undefined : byId.get(id)
    if (found === undefined) return
    seen.add(found.step.id)
    for (const { to } of found.ways.toReversed()) visit(to)
    order.unshift(found.step)
  }
  visit(first ?? null)
  const list = [...order, ...written.filter(({ id }) => !seen.has(id))]
  return list.map((step, index) => {
    const following = list[index + 1]?.id ?? null
    return 'next' in step && step.next === following ? withoutNext(step) : step
  })
}

/** Leads a way elsewhere; null is the end. The way in cannot lead to the end. */
export const reconnected = (steps: readonly Step[], { stepId, arm }: WayRef, to: string | null): Step[] => {
  if (stepId === null) return tidy(steps, to ?? steps[0]?.id)
  const changed = explicit(steps).map((step) => (step.id === stepId ? withWay(step, arm, to) : step))
  return tidy(changed, steps[0]?.id)
}

/** Where a way leads now. */
export const targetOf = (steps: readonly Step[], { stepId, arm }: WayRef): string | null => {
  if (stepId === null) return steps[0]?.id ?? null
  return edgesOf(steps).find((edge) => edge.from === stepId && edge.arm === arm)?.to ?? null
}

/** Puts a new step onto a way: the way leads to it, and every way of its own to where that led before. */
export const inserted = (steps: readonly Step[], ref: WayRef, step: Step): Step[] => {
  const to = targetOf(steps, ref)
  const led = waysOf([step], 0).reduce((changed, { arm }) => withWay(changed, arm, to), step)
  const before = explicit(steps).map((each) => (each.id === ref.stepId ? withWay(each, ref.arm, step.id) : each))
  return tidy([...before, led], ref.stepId === null ? step.id : steps[0]?.id)
}

/** Takes a step out: what led to it leads on along the way `keep` (of several; else its first). Steps only its other ways led to go with it. */
export const removed = (steps: readonly Step[], id: string, keep?: string | null): Step[] => {
  const ways = edgesOf(steps).filter(({ from }) => from === id)
  const kept = (ways.find(({ arm }) => arm === keep) ?? ways[0])?.to ?? null
  const on = kept === id ? null : kept
  const joined = explicit(steps)
    .filter((step) => step.id !== id)
    .map((step) =>
      waysOf([step], 0).reduce((changed, { arm, to }) => (to === id ? withWay(changed, arm, on) : changed), step),
    )
  const first = steps[0]?.id === id ? on : steps[0]?.id
  const before = reachedFrom(steps, steps[0]?.id)
  const after = reachedFrom(joined, first)
  return tidy(
    joined.filter((step) => after.has(step.id) || !before.has(step.id)),
    first ?? joined.find((step) => !before.has(step.id))?.id,
  )
}

/** The steps that go with one taken out. */
export const goneWith = (steps: readonly Step[], id: string, keep?: string | null): Step[] => {
  const left = new Set(removed(steps, id, keep).map((step) => step.id))
  return steps.filter((step) => step.id !== id && !left.has(step.id))
}

/** The step a step can change places with: before it (-1) or after it (1), where between the two is one way only. */
export const neighbour = (steps: readonly Step[], id: string, by: -1 | 1): string | undefined => {
  const edges = edgesOf(steps)
  const plain = (of: string) => edges.filter(({ from }) => from === of).length === 1
  const [link, ...more] = edges.filter(({ from, to }) => (by === -1 ? to === id : from === id))
  if (link === undefined || link.to === null || more.length > 0) return undefined
  const alone = edges.filter(({ to }) => to === link.to).length === 1
  return alone && plain(link.from) && plain(link.to) ? (by === -1 ? link.from : link.to) : undefined
}

/** The step one place earlier or later on its way; the same where `neighbour` knows none. */
export const moved = (steps: readonly Step[], id: string, by: -1 | 1): Step[] => {
  const other = neighbour(steps, id, by)
  if (other === undefined) return [...steps]
  const [upper, lower] = by === -1 ? [other, id] : [id, other]
  const beyond = targetOf(steps, { stepId: lower, arm: null })
  const changed = explicit(steps).map((step) => {
    if (step.id === upper) return withWay(step, null, beyond)
    if (step.id === lower) return withWay(step, null, upper)
    return waysOf([step], 0).reduce((so, { arm, to }) => (to === upper ? withWay(so, arm, lower) : so), step)
  })
  return tidy(changed, steps[0]?.id === upper ? lower : steps[0]?.id)
}

/** Where a way of a step may lead without anybody walking in a circle: the steps, and null for the end. */
export const choicesFor = (steps: readonly Step[], { stepId }: WayRef): Step[] =>
  steps.filter(({ id }) => stepId === null || (id !== stepId && !wouldLoop(steps, stepId, id)))
