import type { RuleInput, Step, Trigger } from '@zhiyin/shared/rule'
import { fill, label, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { conditionSentence } from '../conditions/sentence.ts'

/** Names for the ids in a rule; an unknown id prints as it is. */
export type Names = Record<'content' | 'tag' | 'group' | 'channel' | 'rep', (id: string) => string>

const words = {
  added: { zh: '客户被添加', en: 'is added' },
  addedBy: { zh: '通过渠道{channels}添加', en: 'is added through {channels}' },
  addedTo: { zh: '被加的是{reps}', en: 'by {reps}' },
  newcomer: { zh: '新客户', en: 'is new' },
  returning: { zh: '老客户', en: 'is known already' },
  addedAt: { zh: '在{hours}', en: 'at {hours}' },
  stage: { zh: '进入「{stages}」', en: 'enters {stages}' },
  tier: { zh: '层级变为 {tiers}', en: 'tier becomes {tiers}' },
  entered: { zh: '进入人群「{value}」', en: 'comes into the segment {value}' },
  left: { zh: '离开人群「{value}」', en: 'leaves the segment {value}' },
  event: { zh: '客户{event}', en: '{event}' },
  eventNamed: { zh: '客户做了「{name}」', en: 'does {name}' },
  daily: { zh: '每天 {at}', en: 'every day at {at}' },
  weekly: { zh: '每{days} {at}', en: 'every {days} at {at}' },
  'order.completed': { zh: '下单', en: 'buys' },
  'order.refunded': { zh: '退款', en: 'gets a refund' },
  'order.cancelled': { zh: '取消订单', en: 'cancels an order' },
  'link.opened': { zh: '打开我们发的链接', en: 'opens a link we sent' },
  'customer.replied': { zh: '回复', en: 'answers' },
  'contact.deleted_by_customer': { zh: '删除顾问', en: 'deletes the rep' },
  'group.joined': { zh: '进群', en: 'joins a group' },
  'behavior.tracked': { zh: '有任意行为', en: 'does something' },
  wait: { zh: '等 {time}', en: 'wait {time}' },
  send: { zh: '用{channel}发「{content}」', en: 'send “{content}” by {channel}' },
  sendGroup: { zh: '向「{group}」推送「{content}」', en: 'push “{content}” to {group}' },
  tag: { zh: '打标签「{value}」', en: 'tag {value}' },
  untag: { zh: '去标签「{value}」', en: 'untag {value}' },
  task: { zh: '给顾问任务「{title}」', en: 'task for the rep: {title}' },
  check: { zh: '只继续：{value}', en: 'go on only if {value}' },
  exit: { zh: '结束', en: 'end' },
  days: { zh: '{n} 天', en: '{n} days' },
  hours: { zh: '{n} 小时', en: '{n} hours' },
  minutes: { zh: '{n} 分钟', en: '{n} minutes' },
  whole: { zh: '{trigger}，且{condition}：{steps}', en: 'When the customer {trigger} and {condition}: {steps}' },
  wholeAll: { zh: '{trigger}：{steps}', en: 'When the customer {trigger}: {steps}' },
  dailyAll: { zh: '{trigger}，{condition}：{steps}', en: 'Every customer ({condition}), {trigger}: {steps}' },
  '1': { zh: '周一', en: 'Mon' },
  '2': { zh: '周二', en: 'Tue' },
  '3': { zh: '周三', en: 'Wed' },
  '4': { zh: '周四', en: 'Thu' },
  '5': { zh: '周五', en: 'Fri' },
  '6': { zh: '周六', en: 'Sat' },
  '7': { zh: '周日', en: 'Sun' },
} as const satisfies Record<string, Bilingual>

type Word = keyof typeof words
const isWord = (word: string): word is Word => Object.hasOwn(words, word)
/** A thin gap between Chinese and the figure after it. */
const spaced = (text: string): string => text.replace(/(\p{Script=Han})(\d)/gu, '$1 $2')

const put = (word: Word, lang: Lang, params: Record<string, string | number> = {}): string =>
  spaced(fill(words[word], params, lang))

const listOf = (items: string[], lang: Lang): string => items.join(lang === 'zh' ? '、' : ', ')

/** 周一 / Mon for 1 … 7. */
export const weekdayName = (day: number, lang: Lang): string => {
  const key = String(day)
  return isWord(key) ? words[key][lang] : key
}

export const eventName = (event: string, lang: Lang): string => (isWord(event) ? words[event][lang] : event)

/** 72 → 3 天, 5 → 5 小时, 0.5 → 30 分钟. */
export const spanName = (hours: number, lang: Lang): string => {
  if (hours < 1) return put('minutes', lang, { n: Math.round(hours * 60) })
  return hours % 24 === 0 ? put('days', lang, { n: hours / 24 }) : put('hours', lang, { n: hours })
}

type Added = Extract<Trigger, { type: 'customer.added' }>

/** 09:00–18:00, with the weekdays where some are named. */
const hoursName = ({ from, to, weekdays }: NonNullable<Added['hours']>, lang: Lang): string => {
  const days = listOf(
    weekdays.map((day) => weekdayName(day, lang)),
    lang,
  )
  const span = from === to ? '' : `${from}–${to}`
  return [days, span].filter((part) => part !== '').join(' ')
}

const addedSentence = ({ channelIds, userids = [], who, hours }: Added, names: Names, lang: Lang): string => {
  const quoted = (name: string): string => (lang === 'zh' ? `「${name}」` : `“${name}”`)
  const channels = channelIds.map((id) => quoted(names.channel(id)))
  const when = hours === undefined ? '' : hoursName(hours, lang)
  const parts = [
    channels.length === 0 ? put('added', lang) : put('addedBy', lang, { channels: listOf(channels, lang) }),
    ...(userids.length === 0 ? [] : [put('addedTo', lang, { reps: listOf(userids.map(names.rep), lang) })]),
    ...(when === '' ? [] : [put('addedAt', lang, { hours: when })]),
    ...(who === undefined ? [] : [put(who, lang)]),
  ]
  return parts.join(lang === 'zh' ? '，' : ', ')
}

export const triggerSentence = (trigger: Trigger, names: Names, lang: Lang): string => {
  if (trigger.type === 'customer.added') return addedSentence(trigger, names, lang)
  if (trigger.type === 'stage.entered') {
    return put('stage', lang, {
      stages: listOf(
        trigger.stages.map((s) => label('stage', s, lang)),
        lang,
      ),
    })
  }
  if (trigger.type === 'tier.changed') {
    return put('tier', lang, { tiers: listOf(trigger.to, lang) })
  }
  if (trigger.type === 'segment.entered' || trigger.type === 'segment.left') {
    const value = listOf(
      trigger.segments.map(({ name }) => name),
      lang,
    )
    return put(trigger.type === 'segment.entered' ? 'entered' : 'left', lang, { value })
  }
  if (trigger.type === 'event') {
    return trigger.event === 'behavior.tracked' && trigger.name
      ? put('eventNamed', lang, { name: trigger.name })
      : put('event', lang, { event: eventName(trigger.event, lang) })
  }
  const days = listOf(
    trigger.weekdays.map((day) => weekdayName(day, lang)),
    lang,
  )
  return days === '' ? put('daily', lang, { at: trigger.at }) : put('weekly', lang, { days, at: trigger.at })
}

export const stepSentence = (step: Step, names: Names, lang: Lang): string => {
  if (step.type === 'wait') {
    return put('wait', lang, { time: spanName(step.hours, lang) })
  }
  if (step.type === 'send') {
    const content = names.content(step.contentId)
    return step.channel === 'robot' && step.groupId
      ? put('sendGroup', lang, { group: names.group(step.groupId), content })
      : put('send', lang, { content, channel: label('channel', step.channel, lang) })
  }
  if (step.type === 'tag') {
    const add = step.add.map((id) => put('tag', lang, { value: names.tag(id) }))
    const remove = step.remove.map((id) => put('untag', lang, { value: names.tag(id) }))
    return listOf([...add, ...remove], lang)
  }
  if (step.type === 'task') {
    return put('task', lang, { title: step.title })
  }
  if (step.type === 'check') {
    return put('check', lang, { value: conditionSentence(step.condition, lang) })
  }
  return put('exit', lang)
}

/** The whole rule as one sentence: who, then every step in order. */
export const ruleSentence = (rule: RuleInput, names: Names, lang: Lang): string => {
  const trigger = triggerSentence(rule.trigger, names, lang)
  const steps = rule.steps.map((step) => stepSentence(step, names, lang)).join(' → ')
  const condition = conditionSentence(rule.condition, lang)
  if (rule.trigger.type === 'schedule') return put('dailyAll', lang, { trigger, condition, steps })
  const all = rule.condition.type === 'all' && rule.condition.of.length === 0
  return all ? put('wholeAll', lang, { trigger, steps }) : put('whole', lang, { trigger, condition, steps })
}
