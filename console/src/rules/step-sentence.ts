import type { Step, StepOf } from '@zhiyin/shared/rule'
import { label, type Lang } from '@zhiyin/shared/text'
import { conditionSentence } from '../conditions/sentence.ts'
import { eventSentence } from './event-sentence.ts'
import { listOf, put, spanName, type Names } from './words.ts'

/** 路 A, arm B: an arm of a split without a name of its own. */
export const letterName = (at: number, lang: Lang): string => put('arm', lang, { letter: 'ABCDEFGH'.charAt(at) })

/** What a way out of a step is called: the arm's own name, else its condition, or its letter and share. */
export const armName = (step: Step, arm: string | null, lang: Lang): string => {
  if (arm === 'otherwise') return put(step.type === 'wait_until' ? 'late' : 'otherwise', lang)
  if (arm === 'met') return put('met', lang)
  if (step.type === 'branch') {
    const found = step.arms.find(({ id }) => id === arm)
    return found === undefined ? '' : found.name || conditionSentence(found.condition, lang)
  }
  if (step.type === 'split') {
    const at = step.arms.findIndex(({ id }) => id === arm)
    const found = step.arms[at]
    return found === undefined ? '' : `${found.name || letterName(at, lang)} ${found.percent}%`
  }
  return ''
}

const waitSentence = ({ hours, at, workdays }: StepOf<'wait'>, lang: Lang): string => {
  const wait = put('wait', lang, { time: spanName(hours, lang) })
  const day = workdays === true ? put('waitWorkday', lang, { wait }) : wait
  return at === undefined ? day : put('waitAt', lang, { wait: day, at })
}

const waitUntilSentence = ({ until, hours }: StepOf<'wait_until'>, steps: readonly Step[], lang: Lang): string => {
  const time = spanName(hours, lang)
  if (until.type === 'confirmed') {
    const n = steps.findIndex(({ id }) => id === until.stepId) + 1
    return put('waitConfirmed', lang, { n: n === 0 ? '?' : n, time })
  }
  const event = until.type === 'event' ? until : ({ event: 'customer.replied', where: [] } as const)
  return put('waitUntil', lang, { event: eventSentence({ ...event, where: [...event.where] }, lang), time })
}

/** What a step does, in words; `steps` are all of the rule, for those that name another. */
export const stepSentence = (step: Step, names: Names, lang: Lang, steps: readonly Step[] = []): string => {
  switch (step.type) {
    case 'wait':
      return waitSentence(step, lang)
    case 'wait_until':
      return waitUntilSentence(step, steps, lang)
    case 'branch': {
      const arms = [...step.arms.map(({ id }) => id), 'otherwise'].map((arm) => armName(step, arm, lang))
      return put('branch', lang, { arms: listOf(arms, lang) })
    }
    case 'split':
      return put('split', lang, {
        arms: listOf(
          step.arms.map(({ id }) => armName(step, id, lang)),
          lang,
        ),
      })
    case 'send': {
      const content = step.contentId === '' ? '…' : names.content(step.contentId)
      return step.channel === 'robot' && step.groupId
        ? put('sendGroup', lang, { group: names.group(step.groupId), content })
        : put('send', lang, { content, channel: label('channel', step.channel, lang) })
    }
    case 'tag': {
      const add = step.add.map((id) => put('tag', lang, { value: names.tag(id) }))
      const remove = step.remove.map((id) => put('untag', lang, { value: names.tag(id) }))
      return listOf([...add, ...remove], lang) || put('tag', lang, { value: '…' })
    }
    case 'set_attribute': {
      const key = step.key === '' ? '…' : names.attribute(step.key)
      return step.value === null
        ? put('unset', lang, { key })
        : put('set', lang, {
            key,
            value: typeof step.value === 'boolean' ? put(step.value ? 'yes' : 'no', lang) : step.value,
          })
    }
    case 'task':
      return put('task', lang, { title: step.title || '…' })
    case 'notify':
      return put('notify', lang, {
        who: step.to === 'members' ? listOf(step.userids.map(names.rep), lang) || '…' : put(step.to, lang),
        text: step.text || '…',
      })
    case 'transfer':
      return put('transfer', lang, { value: listOf(step.userids.map(names.rep), lang) || '…' })
    case 'webhook':
      return put('webhook', lang, { host: URL.canParse(step.url) ? new URL(step.url).host : '…' })
    case 'exit':
      return put('exit', lang)
  }
}

/** A step and the way taken out of it; what only parts the ways says no more than that. */
export const waySentence = (
  { step, arm, kind }: { step: Step; arm: string | null; kind: string },
  names: Names,
  lang: Lang,
  steps: readonly Step[],
): string => {
  const parts = step.type === 'branch' || step.type === 'split'
  const said = parts ? kind : stepSentence(step, names, lang, steps)
  return arm === null ? said : `${said} → ${armName(step, arm, lang)}`
}
