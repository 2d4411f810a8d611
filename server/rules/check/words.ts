import type { RuleProblem } from '@zhiyin/shared/rule-problem'
import { fill, type Bilingual, type Lang, type Params } from '@zhiyin/shared/text'

/** What may be wrong with a rule. `{step}` is the place of the step, counted from 1. */
const errors = {
  noSend: { zh: '没有任何发送、待办或打标签的步骤', en: 'No step sends, tags or makes a task' },
  noContent: {
    zh: '第 {step} 步的内容不存在，请重新选择',
    en: 'The content of step {step} does not exist; choose another',
  },
  welcomeTrigger: {
    zh: '欢迎语只能用在「添加客户」触发的规则里',
    en: 'A welcome message needs the trigger “customer added”',
  },
  welcomeFirst: { zh: '欢迎语必须是第一步', en: 'The welcome message must be the first step' },
  robotGroup: {
    zh: '第 {step} 步用群机器人，请选择一个有机器人的群',
    en: 'Step {step} uses a robot: choose a group that has one',
  },
  sameId: { zh: '第 {step} 步的编号与前面的重复', en: 'The id of step {step} is used twice' },
  noStep: { zh: '第 {step} 步通向一个不存在的步骤，请重新连线', en: 'Step {step} leads to a step that is not there' },
  unreachable: {
    zh: '没有路能走到第 {step} 步，请连上或删掉',
    en: 'No way leads to step {step}; connect or delete it',
  },
  loop: {
    zh: '第 {step} 步会绕回前面，走不到结束；要再来一轮请用「可再次进入」',
    en: 'Step {step} leads back to an earlier one and never ends; to go round again, allow re-entry',
  },
  percent: {
    zh: '第 {step} 步各分支的比例加起来是 {sum}%，要等于 100%',
    en: 'The shares of step {step} make {sum}%, not 100%',
  },
  notBefore: {
    zh: '第 {step} 步等待的发送不在它之前',
    en: 'The send that step {step} waits for does not come before it',
  },
} as const satisfies Record<string, Bilingual>

const warnings = {
  tooFast: {
    zh: '第 {step} 步离上一条群发太近：平台每{period|quota_period}只让一位客户收 {count} 条，这条会等到下一个周期',
    en: 'Step {step} comes too soon after the mass message before it: the platform lets a customer have {count} per {period|quota_period}, so this one will wait for the next',
  },
  rulesLoop: {
    zh: '规则之间成了环：{names}。同一位客户会反复进入，直到再次进入的间隔拦住',
    en: 'These rules start each other in a circle: {names}. A customer comes in again and again until re-entry stops them',
  },
  pingPong: {
    zh: '标签「{tag}」在这里打上，又会被规则「{rule}」去掉',
    en: 'The tag {tag} is put on here and taken off by the rule {rule}',
  },
  noHoldout: {
    zh: '有目标但没有对照组，看不出这条规则带来了多少',
    en: 'It has a goal but no holdout: nobody will know what it brought about',
  },
} as const satisfies Record<string, Bilingual>

export type ErrorKey = keyof typeof errors
export type WarningKey = keyof typeof warnings
/** A problem not yet put into words. */
export type Problem = { readonly key: ErrorKey | WarningKey; readonly stepId: string | null; readonly params: Params }

const isError = (key: Problem['key']): key is ErrorKey => key in errors

export const sayProblem = ({ key, stepId, params }: Problem, lang: Lang): RuleProblem => ({
  key,
  level: isError(key) ? 'error' : 'warning',
  stepId,
  text: fill(isError(key) ? errors[key] : warnings[key], params, lang),
})
