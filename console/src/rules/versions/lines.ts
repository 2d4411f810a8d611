import { waysOf, type RuleInput, type RuleLimits, type Step } from '@zhiyin/shared/rule'
import { fill, label, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { conditionSentence } from '../../conditions/sentence.ts'
import { eventSentence } from '../event-sentence.ts'
import { armName, stepSentence } from '../step-sentence.ts'
import { triggerSentence } from '../trigger-sentence.ts'
import { listOf, spanName, type Names } from '../words.ts'

/**
 * One thing a rule says: `key` stays the same from version to version, `name` is what a reader calls it. `same` differs where the thing
 * does: a way is the same as long as it leads to the same step, whatever is done there.
 */
export type Line = { readonly key: string; readonly name: string; readonly text: string; readonly same?: string }

const words = {
  name: { zh: '名称', en: 'Name' },
  trigger: { zh: '触发', en: 'Trigger' },
  condition: { zh: '条件', en: 'Condition' },
  goal: { zh: '目标', en: 'Goal' },
  exitOn: { zh: '提前离开', en: 'Leaves early' },
  step: { zh: '第 {n} 步', en: 'Step {n}' },
  holdout: { zh: '对照组', en: 'Holdout' },
  reentry: { zh: '再次进入', en: 'Re-entry' },
  quiet: { zh: '安静时段', en: 'Quiet hours' },
  days: { zh: '发送日', en: 'Days' },
  priority: { zh: '优先级', en: 'Priority' },
  onLoss: { zh: '额度不够时', en: 'When the quota goes to another' },
  valid: { zh: '有效期', en: 'Valid' },
  guard: { zh: '自动暂停', en: 'Pauses by itself' },
  none: { zh: '无', en: 'none' },
  goalIs: { zh: '{n} 天内{goal}', en: '{goal} within {n} days' },
  percent: { zh: '{n}%', en: '{n}%' },
  afterDays: { zh: '{n} 天后可以', en: 'after {n} days' },
  atOnce: { zh: '随时可以', en: 'at any time' },
  company: { zh: '按公司设置', en: 'as the company has it' },
  deleted: {
    zh: '一天内删除顾问超过 {percent}%（至少触达 {n} 人）',
    en: 'more than {percent}% of at least {n} delete the rep',
  },
  expires: { zh: '{time}未发即作废', en: 'given up after {time}' },
  due: { zh: '{time}内完成', en: 'due within {time}' },
  sender: { zh: '由{value}发', en: 'sent by: {value}' },
  fallback: { zh: '没确认时：{value}', en: 'when not confirmed: {value}' },
  late: { zh: '晚了{time}以上：{value}', en: 'more than {time} late: {value}' },
  lateSend: { zh: '照发', en: 'send' },
  lateSkip: { zh: '不发', en: 'skip' },
  lateAsk: { zh: '问人', en: 'ask' },
  to: { zh: '{arm}→ {step}', en: '{arm}→ {step}' },
  end: { zh: '结束', en: 'end' },
} as const satisfies Record<string, Bilingual>
type Word = keyof typeof words
type Params = Record<string, string | number>

const say =
  (lang: Lang) =>
  (word: Word, params: Params = {}): string =>
    fill(words[word], params, lang)

const lateWords = { send: 'lateSend', skip: 'lateSkip', ask: 'lateAsk' } as const satisfies Record<string, Word>

/** What of a step its sentence leaves out. */
const detailsOf = (step: Step, lang: Lang): string[] => {
  const put = say(lang)
  if (step.type === 'task') return [put('due', { time: spanName(step.dueHours, lang) })]
  if (step.type !== 'send') return []
  const { expireHours, sender, fallback, late } = step
  return [
    put('expires', { time: spanName(expireHours, lang) }),
    ...(sender === undefined ? [] : [put('sender', { value: label('sender', sender, lang) })]),
    ...(fallback === undefined ? [] : [put('fallback', { value: label('fallback', fallback, lang) })]),
    ...(late === undefined
      ? []
      : [put('late', { time: spanName(late.afterHours, lang), value: put(lateWords[late.action]) })]),
  ]
}

type Told = { readonly text: string; readonly same: string }

/** Where a step leads, by what is done there; not said where it only goes on to whatever is next in the list. */
const waysIn = (steps: readonly Step[], index: number, names: Names, lang: Lang): Told[] => {
  const put = say(lang)
  const step = steps[index]
  if (step === undefined) return []
  const goesOn = 'next' in step && step.next !== undefined
  return waysOf(steps, index).flatMap(({ arm, to }) => {
    if (!goesOn && (arm === null || arm === 'met')) return []
    const target = steps.find(({ id }) => id === to)
    const there = target === undefined ? put('end') : stepSentence(target, names, lang, steps)
    const own = arm === null ? '' : `${armName(step, arm, lang)} `
    return [{ text: put('to', { arm: own, step: there }), same: put('to', { arm: own, step: target?.id ?? '' }) }]
  })
}

const limitLines = (limits: RuleLimits, lang: Lang, dayOf: (iso: string) => string): Line[] => {
  const put = say(lang)
  const { holdoutPercent, reentryDays, quietHours, days, priority, onLoss, valid, guard } = limits
  const span = valid === null ? [] : [valid.from, valid.until].map((at) => (at === null ? '…' : dayOf(at)))
  const texts: readonly [Word, string][] = [
    ['holdout', holdoutPercent === 0 ? put('none') : put('percent', { n: holdoutPercent })],
    ['reentry', reentryDays === 0 ? put('atOnce') : put('afterDays', { n: reentryDays })],
    ['quiet', quietHours === null ? put('company') : `${quietHours.from}–${quietHours.to}`],
    ['days', label('send_days', days, lang)],
    ['priority', String(priority)],
    ['onLoss', label('loss', onLoss, lang)],
    ['valid', span.length === 0 ? put('none') : span.join(' – ')],
    ['guard', guard === null ? put('none') : put('deleted', { percent: guard.deletedPercent, n: guard.atLeast })],
  ]
  return texts.map(([key, text]) => ({ key: `limits.${key}`, name: put(key), text }))
}

/** Everything a rule says, line by line. `dayOf` writes a moment as a day of the company. */
export const linesOf = (rule: RuleInput, names: Names, lang: Lang, dayOf: (iso: string) => string): Line[] => {
  const put = say(lang)
  const { steps, goal, exitOn } = rule
  const aim = (): string => {
    if (goal === null) return put('none')
    const event = goal.event === undefined ? undefined : eventSentence(goal.event, lang)
    return put('goalIs', { n: goal.withinDays, goal: event ?? label('goal', goal.on, lang) })
  }
  const exits = exitOn.map((each) => label('goal', each, lang))
  return [
    { key: 'name', name: put('name'), text: rule.name },
    { key: 'trigger', name: put('trigger'), text: triggerSentence(rule.trigger, names, lang) },
    { key: 'condition', name: put('condition'), text: conditionSentence(rule.condition, lang) },
    ...steps.map((step, index) => {
      const does = [stepSentence(step, names, lang, steps), ...detailsOf(step, lang)]
      const ways = waysIn(steps, index, names, lang)
      const joined = (leads: readonly string[]): string => [...does, ...leads].join(lang === 'zh' ? '；' : '; ')
      return {
        key: `step.${step.id}`,
        name: put('step', { n: index + 1 }),
        text: joined(ways.map((way) => way.text)),
        same: joined(ways.map((way) => way.same)),
      }
    }),
    { key: 'goal', name: put('goal'), text: aim() },
    { key: 'exitOn', name: put('exitOn'), text: listOf(exits, lang) || put('none') },
    ...limitLines(rule.limits, lang, dayOf),
  ]
}
