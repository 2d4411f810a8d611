import type { Step, StepOf, StepType } from '@zhiyin/shared/rule'
import { stepId } from './draft.ts'

type SplitArm = StepOf<'split'>['arms'][number]

/** The kinds of steps in the order they are offered. */
export const stepKinds = [
  'send',
  'wait',
  'wait_until',
  'branch',
  'split',
  'task',
  'tag',
  'set_attribute',
  'notify',
  'transfer',
  'webhook',
  'exit',
] as const satisfies readonly StepType[]

/** 100 in so many whole parts, as even as can be. */
const evenly = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(100 / count) + (index < 100 % count ? 1 : 0))

/** The arms sharing 100 evenly. */
export const shared = (arms: readonly SplitArm[]): SplitArm[] => {
  const parts = evenly(arms.length)
  return arms.map((arm, index) => ({ ...arm, percent: parts[index] ?? arm.percent }))
}

/** The arms with another percentage for one; the ones after it give or take the difference, so that they make 100 still. */
export const withPercent = (arms: readonly SplitArm[], at: number, percent: number): SplitArm[] => {
  const wanted = Math.max(1, Math.min(percent, 100 - (arms.length - 1)))
  const next = arms.map((arm, index) => (index === at ? { ...arm, percent: wanted } : { ...arm }))
  const others = [...next.slice(at + 1), ...next.slice(0, at)]
  let over = next.reduce((sum, arm) => sum + arm.percent, 0) - 100
  for (const arm of others) {
    const to = Math.max(1, arm.percent - over)
    over -= arm.percent - to
    arm.percent = to
  }
  return next
}

/** A step of each kind to begin with. */
export const freshStep = (type: StepType): Step => {
  const id = stepId()
  switch (type) {
    case 'wait':
      return { id, type, hours: 72 }
    case 'wait_until':
      return { id, type, until: { type: 'replied' }, hours: 72, otherwise: null }
    case 'branch':
      return {
        id,
        type,
        arms: [{ id: stepId(), name: '', condition: { type: 'tier', in: ['A'] }, next: null }],
        otherwise: null,
      }
    case 'split':
      return { id, type, arms: [50, 50].map((percent) => ({ id: stepId(), name: '', percent, next: null })) }
    case 'send':
      return { id, type, channel: 'mass', contentId: '', expireHours: 72 }
    case 'tag':
      return { id, type, add: [], remove: [] }
    case 'set_attribute':
      return { id, type, key: '', value: '' }
    case 'task':
      return { id, type, title: '', dueHours: 24 }
    case 'notify':
      return { id, type, to: 'rep', userids: [], text: '' }
    case 'transfer':
      return { id, type, userids: [] }
    case 'webhook':
      return { id, type, url: '' }
    case 'exit':
      return { id, type }
  }
}
