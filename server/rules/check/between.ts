import type { RuleInput } from '@zhiyin/shared/rule'
import type { Problem } from './words.ts'

type Ruled = Pick<RuleInput, 'name' | 'trigger' | 'steps' | 'limits'> & { readonly _id: string }

const tagging = ({ steps }: Ruled, how: 'add' | 'remove'): ReadonlySet<string> =>
  new Set(steps.flatMap((step) => (step.type === 'tag' ? step[how] : [])))

/** Whether what one rule does takes a customer into another. */
const starts = (one: Ruled, { trigger }: Ruled): boolean => {
  if (trigger.type === 'tag.added') return trigger.tags.some(({ id }) => tagging(one, 'add').has(id))
  if (trigger.type === 'tag.removed') return trigger.tags.some(({ id }) => tagging(one, 'remove').has(id))
  return false
}

/** A circle of rules that start each other through this one, shortest first; null: none. */
const circleThrough = (rule: Ruled, others: readonly Ruled[]): Ruled[] | null => {
  let paths: Ruled[][] = [[rule]]
  const seen = new Set<string>()
  while (paths.length > 0) {
    const longer: Ruled[][] = []
    for (const path of paths) {
      const last = path.at(-1)
      if (last === undefined) continue
      if (starts(last, rule)) return path
      for (const next of others)
        if (!seen.has(next._id) && starts(last, next)) {
          seen.add(next._id)
          longer.push([...path, next])
        }
    }
    paths = longer
  }
  return null
}

/** What goes wrong between this rule and those that are on: circles, and tags that one puts on and another takes off. */
export const problemsBetween = (rule: Ruled, on: readonly Ruled[], tagName: (id: string) => string): Problem[] => {
  const others = on.filter(({ _id }) => _id !== rule._id)
  const problems: Problem[] = []
  const circle = circleThrough(rule, others)
  if (circle !== null) {
    const names = [...circle, rule].map(({ name }) => name).join(' → ')
    problems.push({ key: 'rulesLoop', stepId: null, params: { names } })
  }
  for (const step of rule.steps)
    for (const tag of step.type === 'tag' ? step.add : [])
      for (const other of others)
        if (tagging(other, 'remove').has(tag))
          problems.push({ key: 'pingPong', stepId: step.id, params: { tag: tagName(tag), rule: other.name } })
  return problems
}
