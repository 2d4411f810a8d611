import { fill, type Bilingual, type Lang } from '@zhiyin/shared/text'

/** Names for the ids in a rule; an unknown id prints as it is. */
export type Names = Record<'content' | 'tag' | 'group' | 'channel' | 'rep' | 'attribute', (id: string) => string>

/** The words sentences about rules are made of. */
const words = {
  added: { zh: '客户被添加', en: 'is added' },
  addedBy: { zh: '通过渠道{channels}添加', en: 'is added through {channels}' },
  addedTo: { zh: '被加的是{reps}', en: 'by {reps}' },
  newcomer: { zh: '新客户', en: 'is new' },
  returning: { zh: '老客户', en: 'is known already' },
  addedAt: { zh: '在{hours}', en: 'at {hours}' },
  stage: { zh: '进入「{value}」', en: 'enters {value}' },
  stageLeft: { zh: '离开「{value}」', en: 'leaves {value}' },
  tier: { zh: '层级变为 {value}', en: 'tier becomes {value}' },
  tierLeft: { zh: '不再是 {value} 层', en: 'tier is no longer {value}' },
  entered: { zh: '进入人群「{value}」', en: 'comes into the segment {value}' },
  left: { zh: '离开人群「{value}」', en: 'leaves the segment {value}' },
  tagged: { zh: '被打上标签「{value}」', en: 'gets the tag {value}' },
  untagged: { zh: '被去掉标签「{value}」', en: 'loses the tag {value}' },
  event: { zh: '客户{event}', en: '{event}' },
  eventNamed: { zh: '客户做了「{name}」', en: 'does {name}' },
  eventWhere: { zh: '{event}（{where}）', en: '{event} ({where})' },
  fieldIs: { zh: '{field}是 {value}', en: '{field} is {value}' },
  fieldContains: { zh: '{field}含「{value}」', en: '{field} contains “{value}”' },
  fieldAtLeast: { zh: '{field}至少 {value}', en: '{field} at least {value}' },
  fieldAtMost: { zh: '{field}最多 {value}', en: '{field} at most {value}' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  dateOn: { zh: '{date}当天 {at}', en: 'on {date} at {at}' },
  dateAfter: { zh: '{date}后 {n} 天 {at}', en: '{n} days after {date} at {at}' },
  dateBefore: { zh: '{date}前 {n} 天 {at}', en: '{n} days before {date} at {at}' },
  yearly: { zh: '每年{value}', en: 'every year {value}' },
  aDate: { zh: '某个日期', en: 'a date' },
  daily: { zh: '每天 {at}', en: 'every day at {at}' },
  weekly: { zh: '每{days} {at}', en: 'every {days} at {at}' },
  monthly: { zh: '每月 {days} 日 {at}', en: 'on day {days} of the month at {at}' },
  inZone: { zh: '{value}（{zone}）', en: '{value} ({zone})' },
  manual: { zh: '由人放入', en: 'is put in by a person' },
  api: { zh: '由其他系统放入', en: 'is put in by another system' },
  'order.completed': { zh: '下单', en: 'buys' },
  'order.refunded': { zh: '退款', en: 'gets a refund' },
  'order.cancelled': { zh: '取消订单', en: 'cancels an order' },
  'link.opened': { zh: '打开我们发的链接', en: 'opens a link we sent' },
  'customer.replied': { zh: '回复', en: 'answers' },
  'contact.deleted_by_customer': { zh: '删除顾问', en: 'deletes the rep' },
  'group.joined': { zh: '进群', en: 'joins a group' },
  'group.left': { zh: '退群', en: 'leaves a group' },
  'behavior.tracked': { zh: '有任意行为', en: 'does something' },
  wait: { zh: '等 {time}', en: 'wait {time}' },
  waitAt: { zh: '{wait}，到 {at}', en: '{wait}, then until {at}' },
  waitWorkday: { zh: '{wait}，再到工作日', en: '{wait}, then until a working day' },
  waitUntil: { zh: '等到{event}，最多 {time}', en: 'wait until the customer {event}, {time} at most' },
  waitConfirmed: {
    zh: '等到第 {n} 步的发送被确认，最多 {time}',
    en: 'wait until the send of step {n} is confirmed, {time} at most',
  },
  branch: { zh: '按条件分路：{arms}', en: 'by condition: {arms}' },
  split: { zh: '随机分流：{arms}', en: 'at random: {arms}' },
  arm: { zh: '路 {letter}', en: 'arm {letter}' },
  met: { zh: '等到了', en: 'it came' },
  late: { zh: '超时', en: 'in vain' },
  otherwise: { zh: '其余', en: 'otherwise' },
  send: { zh: '用{channel}发「{content}」', en: 'send “{content}” by {channel}' },
  sendGroup: { zh: '向「{group}」推送「{content}」', en: 'push “{content}” to {group}' },
  tag: { zh: '打标签「{value}」', en: 'tag {value}' },
  untag: { zh: '去标签「{value}」', en: 'untag {value}' },
  set: { zh: '把{key}写为「{value}」', en: 'set {key} to “{value}”' },
  unset: { zh: '收回规则写的{key}', en: 'take back what rules said of {key}' },
  task: { zh: '给顾问任务「{title}」', en: 'task for the rep: {title}' },
  notify: { zh: '通知{who}：{text}', en: 'tell {who}: {text}' },
  rep: { zh: '顾问', en: 'the rep' },
  managers: { zh: '顾问的上级', en: 'the rep’s managers' },
  transfer: { zh: '转给{value}', en: 'hand over to {value}' },
  webhook: { zh: '调用 {host}', en: 'call {host}' },
  exit: { zh: '结束', en: 'end' },
  toStep: { zh: '→ 第 {n} 步', en: '→ step {n}' },
  toEnd: { zh: '→ 结束', en: '→ end' },
  briefBranch: { zh: '按{arms}分路', en: 'parted by condition ({arms})' },
  briefSplit: { zh: '随机分为{arms}', en: 'parted at random ({arms})' },
  briefUntil: { zh: '{until}', en: '{until}' },
  briefWays: { zh: '{first}；各路合计{kinds}', en: '{first}; all ways together {kinds}' },
  briefAll: { zh: '一共{kinds}', en: 'in all {kinds}' },
  briefLine: { zh: '{first} → … 一共{kinds}', en: '{first} → … in all {kinds}' },
  countSend: { zh: '发送 {n} 次', en: '{n}× send' },
  countWait: { zh: '等待 {n} 次', en: '{n}× wait' },
  countTask: { zh: '顾问任务 {n} 个', en: '{n}× task for the rep' },
  countOther: { zh: '其他动作 {n} 个', en: '{n}× something else' },
  days: { zh: '{n} 天', en: '{n} days' },
  hours: { zh: '{n} 小时', en: '{n} hours' },
  minutes: { zh: '{n} 分钟', en: '{n} minutes' },
  whole: { zh: '{trigger}，且{condition}：{steps}', en: 'When the customer {trigger} and {condition}: {steps}' },
  wholeAll: { zh: '{trigger}：{steps}', en: 'When the customer {trigger}: {steps}' },
  dateAll: { zh: '{trigger}：{steps}', en: 'Every customer, {trigger}: {steps}' },
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

export const put = (word: Word, lang: Lang, params: Record<string, string | number> = {}): string =>
  spaced(fill(words[word], params, lang))

export const listOf = (items: readonly string[], lang: Lang): string => items.join(lang === 'zh' ? '、' : ', ')

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
