import { waysOf, type Step } from '@zhiyin/shared/rule'
import type { Problem } from './words.ts'

/** Where each step leads, by its place in the list; a way to a step that is not there is left out. */
const leads = (steps: readonly Step[]): number[][] => {
  const places = new Map(steps.map(({ id }, place) => [id, place]))
  return steps.map((_step, place) =>
    waysOf(steps, place).flatMap(({ to }) => {
      const next = to === null ? undefined : places.get(to)
      return next === undefined ? [] : [next]
    }),
  )
}

/** The places that can be reached from one, itself among them. */
const reach = (from: number, ways: readonly (readonly number[])[]): ReadonlySet<number> => {
  const seen = new Set<number>([from])
  for (const place of seen) for (const next of ways[place] ?? []) seen.add(next)
  return seen
}

/** Steps that come before a place on some way from the first. */
export const comesBefore = (steps: readonly Step[], id: string, place: number): boolean => {
  const ways = leads(steps)
  const from = steps.findIndex((step) => step.id === id)
  return from !== -1 && from !== place && reach(from, ways).has(place)
}

/** What is wrong with the ways between the steps: each can be reached, leads somewhere, and comes to an end. */
export const graphProblems = (steps: readonly Step[]): Problem[] => {
  const problems: Problem[] = []
  const ids = new Set(steps.map(({ id }) => id))
  const ways = leads(steps)
  const reached = reach(0, ways)
  const doubled = ids.size < steps.length
  steps.forEach((step, place) => {
    const at = { stepId: step.id, params: { step: place + 1 } }
    if (steps.findIndex(({ id }) => id === step.id) < place) problems.push({ key: 'sameId', ...at })
    if (waysOf(steps, place).some(({ to }) => to !== null && !ids.has(to))) problems.push({ key: 'noStep', ...at })
    if (!doubled && !reached.has(place)) problems.push({ key: 'unreachable', ...at })
    if (!doubled && (ways[place] ?? []).some((next) => reach(next, ways).has(place)))
      problems.push({ key: 'loop', ...at })
    if (step.type === 'split') {
      const sum = step.arms.reduce((total, { percent }) => total + percent, 0)
      if (sum !== 100) problems.push({ key: 'percent', stepId: step.id, params: { step: place + 1, sum } })
    }
    if (step.type === 'wait_until' && step.until.type === 'confirmed' && !comesBefore(steps, step.until.stepId, place))
      problems.push({ key: 'notBefore', ...at })
  })
  return problems
}

/** The least hours a step takes on a way out: what may come at once takes none, its time-out all of them. */
const hoursOf = (step: Step, arm: string | null): number =>
  step.type === 'wait' || (step.type === 'wait_until' && arm === 'otherwise') ? step.hours : 0

/** Mass messages that follow another within so many hours on some way, at their earliest. */
export const hurriedSends = (steps: readonly Step[], withinHours: number): Step[] => {
  const places = new Map(steps.map(({ id }, place) => [id, place]))
  const found = new Set<Step>()
  const follow = (place: number, hours: number, seen: ReadonlySet<number>): void => {
    const step = steps[place]
    if (step === undefined || seen.has(place) || hours >= withinHours) return
    if (step.type === 'send' && step.channel === 'mass') {
      found.add(step)
      return
    }
    onward(step, place, hours, new Set([...seen, place]))
  }
  const onward = (step: Step, place: number, hours: number, seen: ReadonlySet<number>): void => {
    for (const { arm, to } of waysOf(steps, place)) {
      const next = to === null ? undefined : places.get(to)
      if (next !== undefined) follow(next, hours + hoursOf(step, arm), seen)
    }
  }
  steps.forEach((step, place) => {
    if (step.type !== 'send' || step.channel !== 'mass') return
    onward(step, place, 0, new Set([place]))
  })
  return [...found]
}
