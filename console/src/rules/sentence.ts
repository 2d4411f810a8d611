import { waysOf, type RuleInput, type Step, type StepOf, type StepType } from '@zhiyin/shared/rule'
import type { Lang } from '@zhiyin/shared/text'
import { conditionSentence } from '../conditions/sentence.ts'
import { armName, stepSentence } from './step-sentence.ts'
import { triggerSentence } from './trigger-sentence.ts'
import { listOf, put, type Names } from './words.ts'

/** Whether everybody walks the steps one after the other, as they stand in the list. */
export const isLine = (steps: readonly Step[]): boolean =>
  steps.every((step, index) => {
    const ways = waysOf(steps, index)
    const following = steps[index + 1]?.id ?? null
    return step.type === 'exit' ? following === null : ways.length === 1 && ways[0]?.to === following
  })

/** 第 3 步 for a way that leads there, 结束 for the end. */
const goal = (steps: readonly Step[], to: string | null, lang: Lang): string => {
  const index = steps.findIndex(({ id }) => id === to)
  return index === -1 ? put('toEnd', lang) : put('toStep', lang, { n: index + 1 })
}

/** Every step in words, and where it leads unless that is the next one; the first of them is step 1. */
export const stepLines = (steps: readonly Step[], names: Names, lang: Lang): string[] =>
  steps.map((step, index) => {
    const ways = waysOf(steps, index)
    const leads =
      ways.length > 1
        ? listOf(
            ways.map(({ arm, to }) => `${armName(step, arm, lang)} ${goal(steps, to, lang)}`),
            lang,
          )
        : ways.flatMap(({ to }) => (to === (steps[index + 1]?.id ?? null) ? [] : [goal(steps, to, lang)])).join('')
    // What parts the ways already names them all.
    const parts = step.type === 'branch' || step.type === 'split'
    const what = parts ? '' : stepSentence(step, names, lang, steps)
    return [what, leads].filter((part) => part !== '').join(' ')
  })

/** How many steps of each kind, in words; what only parts the ways is no step of its own. */
const kindCounts = (steps: readonly Step[], lang: Lang): string => {
  const kinds: Record<'countSend' | 'countWait' | 'countTask' | 'countOther', readonly StepType[]> = {
    countSend: ['send'],
    countWait: ['wait', 'wait_until'],
    countTask: ['task'],
    countOther: ['tag', 'set_attribute', 'notify', 'transfer', 'webhook'],
  }
  const counted = (['countSend', 'countWait', 'countTask', 'countOther'] as const).map((word) => ({
    word,
    n: steps.filter(({ type }) => kinds[word].includes(type)).length,
  }))
  return listOf(
    counted.filter(({ n }) => n > 0).map(({ word, n }) => put(word, lang, { n })),
    lang,
  )
}

/** More steps than this one after the other are no longer read. */
const mostInSentence = 5

const firstFork = (steps: readonly Step[], names: Names, lang: Lang): string => {
  const fork =
    steps.find(({ type }) => type === 'branch' || type === 'split') ?? steps.find(({ type }) => type === 'wait_until')
  const arms = (step: StepOf<'branch' | 'split'>, more: readonly string[]) =>
    listOf(
      [...step.arms.map(({ id }) => id), ...more].map((arm) => armName(step, arm, lang)),
      lang,
    )
  if (fork?.type === 'branch') return put('briefBranch', lang, { arms: arms(fork, ['otherwise']) })
  if (fork?.type === 'split') return put('briefSplit', lang, { arms: arms(fork, []) })
  return fork === undefined ? '' : put('briefUntil', lang, { until: stepSentence(fork, names, lang, steps) })
}

/** The steps as part of a sentence: all of them while they are few and one follows the other, else where they part and how many. */
const stepsSentence = (steps: readonly Step[], names: Names, lang: Lang): string => {
  if (!isLine(steps)) {
    const [first, kinds] = [firstFork(steps, names, lang), kindCounts(steps, lang)]
    return first === '' ? put('briefAll', lang, { kinds }) : put('briefWays', lang, { first, kinds })
  }
  const words = steps.map((step) => stepSentence(step, names, lang, steps))
  if (steps.length <= mostInSentence) return words.join(' → ')
  return put('briefLine', lang, { first: words.slice(0, 2).join(' → '), kinds: kindCounts(steps, lang) })
}

/** Whom a rule takes in, and what it does: one sentence however many steps it has. */
export const ruleSentence = (rule: RuleInput, names: Names, lang: Lang): string => {
  const trigger = triggerSentence(rule.trigger, names, lang)
  const steps = stepsSentence(rule.steps, names, lang)
  const condition = conditionSentence(rule.condition, lang)
  const all = rule.condition.type === 'all' && rule.condition.of.length === 0
  if (rule.trigger.type === 'date' && all) return put('dateAll', lang, { trigger, steps })
  if (rule.trigger.type === 'schedule' || rule.trigger.type === 'date')
    return put('dailyAll', lang, { trigger, condition, steps })
  return all ? put('wholeAll', lang, { trigger, steps }) : put('whole', lang, { trigger, condition, steps })
}
