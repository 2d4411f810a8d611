import type { RuleInput } from '@zhiyin/shared/rule'
import { fill, type Bilingual, type Lang, type Params } from '@zhiyin/shared/text'

/** What keeps a rule from being switched on. */
const texts = {
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
} as const satisfies Record<string, Bilingual>

export type Problem = { readonly key: keyof typeof texts; readonly params: Params }

export const sayProblem = ({ key, params }: Problem, lang: Lang): string => fill(texts[key], params, lang)

type Known = { contentIds: ReadonlySet<string>; robotGroupIds: ReadonlySet<string> }

/** Everything that is missing, in the order of the steps. */
export const problemsOf = ({ trigger, steps }: Pick<RuleInput, 'trigger' | 'steps'>, known: Known): Problem[] => {
  const problems: Problem[] = []
  const add = (key: Problem['key'], params: Params = {}): void => void problems.push({ key, params })
  if (!steps.some(({ type }) => type === 'send' || type === 'tag' || type === 'task')) add('noSend')
  const seen = new Set<string>()
  steps.forEach((step, index) => {
    const at = { step: index + 1 }
    if (seen.has(step.id)) add('sameId', at)
    seen.add(step.id)
    if (step.type !== 'send') return
    if (!known.contentIds.has(step.contentId)) add('noContent', at)
    if (step.channel === 'welcome' && trigger.type !== 'customer.added') add('welcomeTrigger')
    if (step.channel === 'welcome' && index > 0) add('welcomeFirst')
    if (step.channel === 'robot' && !known.robotGroupIds.has(step.groupId ?? '')) add('robotGroup', at)
  })
  return problems
}
