import { z } from 'zod'
import { formerName, scriptName } from './actor.ts'
import { attributeName } from './attribute-words.ts'
import { Because, say, tellable } from './because/index.ts'
import type { TimelineItem } from './customer.ts'
import { factPayloads, type FactType, type OrderProduct } from './fact.ts'
import { moneyIn } from './money.ts'
import { fill, label, type Bilingual, type Lang, type Params } from './text.ts'

/** A line of the timeline in words: what happened, and beneath it (may be empty) why and with which particulars. */
export type Said = { title: string; detail: string }

/** Names for attributes (`attribute.<key>`), and of members by userid that an item does not bring itself. */
export type Names = Readonly<Record<string, string>>

type Telling = { lang: Lang; names: Names; reasons: string }
type Teller = (payload: unknown, telling: Telling) => Said | null

const texts = {
  added: { zh: '加为好友', en: 'Became a contact' },
  addedBy: { zh: '与{rep}成为好友', en: 'Became a contact of {rep}' },
  addedThrough: { zh: '通过「{channel}」添加{rep}', en: 'Added {rep} through {channel}' },
  addedHalf: { zh: '顾问还没有添加对方', en: 'The rep has not added them back yet' },
  takenOver: { zh: '{rep}接替跟进', en: 'Taken over by {rep}' },
  takenOverFrom: { zh: '{rep}从{from}接替跟进', en: '{rep} took over from {from}' },
  handedOver: { zh: '{rep}的客户已转给{to}', en: 'Handed over from {rep} to {to}' },
  transferFailed: { zh: '没有转给{rep}', en: 'Not handed over to {rep}' },
  stays: { zh: '继续由{rep}跟进', en: 'Stays with {rep}' },
  deletedByRep: { zh: '{rep}删除了客户', en: '{rep} removed the customer' },
  transferred: { zh: '因客户转交给其他顾问', en: 'Handed over to another rep' },
  deletedByCustomer: { zh: '客户删除了{rep}', en: 'The customer removed {rep}' },
  replied: { zh: '客户回复了', en: 'The customer answered' },
  repliedNoted: { zh: '由{by}记下', en: 'Noted by {by}' },
  ordered: { zh: '下单 {money}', en: 'Ordered {money}' },
  order: { zh: '订单 {id}', en: 'Order {id}' },
  refunded: { zh: '退款 {money}', en: 'Refunded {money}' },
  refundedAll: { zh: '全额退款', en: 'Refunded in full' },
  orderUpdated: { zh: '订单改为 {money}', en: 'Order changed to {money}' },
  orderCancelled: { zh: '取消了订单', en: 'Cancelled an order' },
  linkOpened: { zh: '打开了链接「{title}」', en: 'Opened the link {title}' },
  behaved: { zh: '发生了「{name}」', en: '{name}' },
  identified: { zh: '更新了资料：{keys}', en: 'Details updated: {keys}' },
  takenBack: { zh: '撤回了填写：{keys}', en: 'Taken back: {keys}' },
  identifiedNothing: { zh: '资料有更新', en: 'Details updated' },
  consentGranted: { zh: '客户同意：{purpose}', en: 'Consent given: {purpose}' },
  consentWithdrawn: { zh: '客户撤回同意：{purpose}', en: 'Consent withdrawn: {purpose}' },
  tagAdded: { zh: '打上标签「{tag}」', en: 'Tagged {tag}' },
  levelMoved: { zh: '{scheme}：{from} → {to}', en: '{scheme}: {from} → {to}' },
  segmentEntered: { zh: '进入人群「{segment}」', en: 'Entered the segment {segment}' },
  listJoined: { zh: '{by}放进名单「{list}」', en: '{by} put them on the list {list}' },
  listLeft: { zh: '{by}移出名单「{list}」', en: '{by} took them off the list {list}' },
  segmentLeft: { zh: '离开人群「{segment}」', en: 'Left the segment {segment}' },
  tagRemoved: { zh: '移除标签「{tag}」', en: 'Tag {tag} removed' },
  stageFirst: { zh: '进入阶段「{to|stage}」', en: 'Stage: {to|stage}' },
  stageMoved: { zh: '阶段 {from|stage} → {to|stage}', en: 'Stage {from|stage} → {to|stage}' },
  tierFirst: { zh: '首次分层：{to|tier}', en: 'First tier: {to|tier}' },
  tierMoved: { zh: '层级 {from} → {to}', en: 'Tier {from} → {to}' },
  groupJoined: { zh: '加入群「{name}」', en: 'Joined the group {name}' },
  groupLeft: { zh: '离开群「{name}」', en: 'Left the group {name}' },
  groupRemoved: { zh: '被移出群「{name}」', en: 'Removed from the group {name}' },
  groupInvited: { zh: '邀请{guest}加入群「{name}」', en: 'Invited {guest} into the group {name}' },
  somebody: { zh: '一位朋友', en: 'somebody' },
  groupUnnamed: { zh: '未命名群', en: 'unnamed' },
  ruleEntered: { zh: '进入规则「{rule}」', en: 'Entered the rule {rule}' },
  ruleHeldOut: { zh: '规则「{rule}」：分到对照组', en: 'Rule {rule}: in the holdout' },
  heldOutWhy: { zh: '刻意不触达，用来比较效果', en: 'Left alone on purpose, to compare' },
  'ruleLeft.goal': { zh: '达成规则「{rule}」的目标', en: 'Met the goal of the rule {rule}' },
  'ruleLeft.exited': { zh: '离开规则「{rule}」', en: 'Left the rule {rule}' },
  'ruleLeft.finished': { zh: '走完规则「{rule}」', en: 'Went through the rule {rule}' },
  sendBy: { zh: '{channel}：{state}', en: '{channel}: {state}' },
  sendChat: { zh: '顾问从侧边栏发了消息', en: 'The rep sent a message from the sidebar' },
  taskCreated: { zh: '新待办：{title}', en: 'New task: {title}' },
  taskDone: { zh: '完成待办：{title}', en: 'Task done: {title}' },
  noted: { zh: '{by}写了备注', en: '{by} wrote a note' },
  rep: { zh: '顾问', en: 'the rep' },
  unknown: { zh: '其他动态（{type}）', en: 'Something else ({type})' },
} as const satisfies Record<string, Bilingual>

/** Channels by which a rep hands a text to the chat by hand; there is no mass message behind them. */
const chatChannels: ReadonlySet<string> = new Set(['chat', 'sidebar', 'said'])

const inWords = (key: keyof typeof texts, telling: Telling, params: Params = {}): string =>
  fill(texts[key], params, telling.lang)

const joined = (...parts: (string | undefined)[]): string => parts.filter(Boolean).join(' · ')

/** The members a fact names by their userids: who did it, for whom, and who handed over to whom. Other words may be among them. */
export const membersNamed = (payload: Readonly<Record<string, unknown>>): string[] =>
  ['userid', 'by', 'from', 'to'].flatMap((key) => {
    const value = payload[key]
    return typeof value === 'string' ? value : []
  })

/** A member by name; never by their userid, which says nothing to a reader. */
const repOf = (userid: string | undefined, { names, lang }: Telling): string => {
  if (userid === undefined) return texts.rep[lang]
  return label('actor', names[userid] ?? (userid === scriptName ? scriptName : formerName), lang)
}

/** The host of an address, or what stands there. */
const hostOf = (url: string): string => /^https?:\/\/([^/?#]+)/.exec(url)?.[1] ?? url.slice(0, 60)

const traitOf = (key: string, { lang, names }: Telling): string =>
  attributeName({ key, name: names[`attribute.${key}`] }, lang)

const stateOf = (state: string, lang: Lang): string => {
  const known = label('intent', state, lang)
  return known === state ? label('delivery', state, lang) : known
}

/** What a behaviour was about: the title, name or search words among its properties. */
const aboutOf = (properties: Record<string, unknown>): string => {
  const found = ['title', 'name', 'product', 'query', 'page', 'url'].map((key) => properties[key])
  return found.find((value): value is string => typeof value === 'string' && value !== '')?.slice(0, 60) ?? ''
}

/** The first products by name. */
const goodsOf = (products: readonly OrderProduct[] | undefined, { lang }: Telling): string =>
  (products ?? [])
    .flatMap(({ name, quantity = 1 }) => (name ? [`${name}${quantity > 1 ? ` ×${quantity}` : ''}`] : []))
    .slice(0, 3)
    .join(lang === 'zh' ? '、' : ', ')

const teller =
  <S extends z.ZodType>(schema: S, tell: (payload: z.output<S>, telling: Telling) => Said): Teller =>
  (payload, telling) => {
    const parsed = schema.safeParse(payload)
    return parsed.success ? tell(parsed.data, telling) : null
  }

const tellers: Record<FactType, Teller> = {
  'contact.added': teller(factPayloads['contact.added'], ({ userid, channelName, half, transfer, from }, t) => {
    const rep = repOf(userid, t)
    if (transfer === true) {
      const title =
        from === undefined
          ? inWords('takenOver', t, { rep })
          : inWords('takenOverFrom', t, { rep, from: repOf(from, t) })
      return { title, detail: t.reasons }
    }
    return {
      title: channelName ? inWords('addedThrough', t, { channel: channelName, rep }) : inWords('addedBy', t, { rep }),
      detail: joined(half ? inWords('addedHalf', t) : '', t.reasons),
    }
  }),
  'contact.deleted_by_rep': teller(factPayloads['contact.deleted_by_rep'], ({ userid, transfer, to }, t) => ({
    title:
      to === undefined
        ? inWords('deletedByRep', t, { rep: repOf(userid, t) })
        : inWords('handedOver', t, { rep: repOf(userid, t), to: repOf(to, t) }),
    detail: joined(transfer && to === undefined ? inWords('transferred', t) : '', t.reasons),
  })),
  'contact.deleted_by_customer': teller(factPayloads['contact.deleted_by_customer'], ({ userid }, t) => ({
    title: inWords('deletedByCustomer', t, { rep: repOf(userid, t) }),
    detail: t.reasons,
  })),
  'contact.transfer_failed': teller(factPayloads['contact.transfer_failed'], ({ userid, from, reason }, t) => ({
    title: inWords('transferFailed', t, { rep: repOf(userid, t) }),
    detail: joined(
      label('transfer_reason', reason, t.lang),
      from === undefined ? '' : inWords('stays', t, { rep: repOf(from, t) }),
      t.reasons,
    ),
  })),
  'customer.replied': teller(factPayloads['customer.replied'], ({ via, by, userid }, t) => ({
    title: inWords('replied', t),
    detail: joined(via === 'rep' ? inWords('repliedNoted', t, { by: repOf(by ?? userid, t) }) : '', t.reasons),
  })),
  'order.completed': teller(factPayloads['order.completed'], ({ orderId, amount, currency, products }, t) => ({
    title: joined(inWords('ordered', t, { money: moneyIn(amount, currency) }), goodsOf(products, t)),
    detail: joined(inWords('order', t, { id: orderId }), t.reasons),
  })),
  'order.updated': teller(factPayloads['order.updated'], ({ orderId, amount, currency }, t) => ({
    title: inWords('orderUpdated', t, { money: moneyIn(amount, currency) }),
    detail: joined(inWords('order', t, { id: orderId }), t.reasons),
  })),
  'order.cancelled': teller(factPayloads['order.cancelled'], ({ orderId, reason, products }, t) => ({
    title: joined(inWords('orderCancelled', t), goodsOf(products, t)),
    detail: joined(inWords('order', t, { id: orderId }), reason, t.reasons),
  })),
  'link.opened': teller(factPayloads['link.opened'], ({ url, title }, t) => ({
    title: inWords('linkOpened', t, { title: title || hostOf(url) }),
    detail: joined(title ? hostOf(url) : '', t.reasons),
  })),
  'order.refunded': teller(factPayloads['order.refunded'], ({ orderId, amount, currency, full, products }, t) => ({
    title: joined(
      full === true ? inWords('refundedAll', t) : inWords('refunded', t, { money: moneyIn(amount, currency) }),
      goodsOf(products, t),
    ),
    detail: joined(inWords('order', t, { id: orderId }), t.reasons),
  })),
  'behavior.tracked': teller(factPayloads['behavior.tracked'], ({ name, properties }, t) => {
    const about = aboutOf(properties)
    const word = label('fact', name, t.lang)
    const known = word === name ? inWords('behaved', t, { name }) : word
    return {
      title: about === '' ? known : `${known}${t.lang === 'zh' ? `《${about}》` : `: ${about}`}`,
      detail: t.reasons,
    }
  }),
  'profile.identified': teller(factPayloads['profile.identified'], ({ traits, source, by }, t) => {
    const keys = Object.keys(traits).map((key) => traitOf(key, t))
    const shown = keys.slice(0, 4).join(t.lang === 'zh' ? '、' : ', ') + (keys.length > 4 ? '…' : '')
    const undone = Object.values(traits).every((value) => value === null)
    return {
      title:
        keys.length > 0
          ? inWords(undone ? 'takenBack' : 'identified', t, { keys: shown })
          : inWords('identifiedNothing', t),
      detail: joined(label('source', source, t.lang), by && repOf(by, t), t.reasons),
    }
  }),
  'consent.changed': teller(factPayloads['consent.changed'], ({ purpose, state, source, by, proof }, t) => ({
    title: inWords(state === 'granted' ? 'consentGranted' : 'consentWithdrawn', t, {
      purpose: label('purpose', purpose, t.lang),
    }),
    detail: joined(label('consent_source', source, t.lang), by && repOf(by, t), proof?.text, t.reasons),
  })),
  'tag.added': teller(factPayloads['tag.added'], ({ tag }, t) => ({
    title: inWords('tagAdded', t, { tag }),
    detail: t.reasons,
  })),
  'tag.removed': teller(factPayloads['tag.removed'], ({ tag }, t) => ({
    title: inWords('tagRemoved', t, { tag }),
    detail: t.reasons,
  })),
  'stage.entered': teller(factPayloads['stage.entered'], ({ from, to }, t) => ({
    title: from === null ? inWords('stageFirst', t, { to }) : inWords('stageMoved', t, { from, to }),
    detail: t.reasons,
  })),
  'level.changed': teller(factPayloads['level.changed'], ({ scheme, from, to }, t) => ({
    title: inWords('levelMoved', t, { scheme, from, to }),
    detail: t.reasons,
  })),
  'segment.entered': teller(factPayloads['segment.entered'], ({ segment }, t) => ({
    title: inWords('segmentEntered', t, { segment }),
    detail: t.reasons,
  })),
  'segment.left': teller(factPayloads['segment.left'], ({ segment }, t) => ({
    title: inWords('segmentLeft', t, { segment }),
    detail: t.reasons,
  })),
  'list.joined': teller(factPayloads['list.joined'], ({ list, by }, t) => ({
    title: inWords('listJoined', t, { list, by: repOf(by, t) }),
    detail: t.reasons,
  })),
  'list.left': teller(factPayloads['list.left'], ({ list, by }, t) => ({
    title: inWords('listLeft', t, { list, by: repOf(by, t) }),
    detail: t.reasons,
  })),
  'tier.changed': teller(factPayloads['tier.changed'], ({ from, to }, t) => ({
    title: from === null ? inWords('tierFirst', t, { to }) : inWords('tierMoved', t, { from, to }),
    detail: t.reasons,
  })),
  'group.joined': teller(factPayloads['group.joined'], ({ name }, t) => ({
    title: inWords('groupJoined', t, { name: name || inWords('groupUnnamed', t) }),
    detail: t.reasons,
  })),
  'group.left': teller(factPayloads['group.left'], ({ name, quitScene }, t) => ({
    title: inWords(quitScene === 1 ? 'groupRemoved' : 'groupLeft', t, { name: name || inWords('groupUnnamed', t) }),
    detail: t.reasons,
  })),
  'group.invited': teller(factPayloads['group.invited'], ({ name, guestName }, t) => ({
    title: inWords('groupInvited', t, {
      guest: guestName || inWords('somebody', t),
      name: name || inWords('groupUnnamed', t),
    }),
    detail: t.reasons,
  })),
  'rule.entered': teller(factPayloads['rule.entered'], ({ rule, heldOut }, t) => ({
    title: inWords(heldOut ? 'ruleHeldOut' : 'ruleEntered', t, { rule }),
    detail: joined(heldOut && t.reasons === '' ? inWords('heldOutWhy', t) : '', t.reasons),
  })),
  'rule.left': teller(factPayloads['rule.left'], ({ rule, outcome }, t) => ({
    title: inWords(`ruleLeft.${outcome}`, t, { rule }),
    detail: t.reasons,
  })),
  'send.changed': teller(factPayloads['send.changed'], ({ channel, state, preview, rule }, t) => {
    const words = { channel: label('channel', channel, t.lang), state: stateOf(state, t.lang) }
    const quoted = preview && (t.lang === 'zh' ? `「${preview}」` : `“${preview}”`)
    return {
      title: chatChannels.has(channel) ? inWords('sendChat', t) : inWords('sendBy', t, words),
      detail: joined(quoted, rule, t.reasons),
    }
  }),
  'task.created': teller(factPayloads['task.created'], ({ title, userid }, t) => ({
    title: inWords('taskCreated', t, { title }),
    detail: joined(repOf(userid, t), t.reasons),
  })),
  'task.done': teller(factPayloads['task.done'], ({ title, userid }, t) => ({
    title: inWords('taskDone', t, { title }),
    detail: joined(repOf(userid, t), t.reasons),
  })),
  'note.written': teller(factPayloads['note.written'], ({ text, by }, t) => ({
    title: inWords('noted', t, { by: repOf(by, t) }),
    detail: joined(text, t.reasons),
  })),
}

const isFactType = (type: string): type is FactType => Object.hasOwn(tellers, type)

const reasonsOf = (item: TimelineItem): Because[] => {
  if (item.because.length > 0) return item.because
  const kept = z.array(Because).safeParse(item.payload['because'])
  return kept.success ? kept.data : []
}

/**
 * A line of the timeline in the reader's language, its days by the clocks of the company. Every FactType has its sentence; a type this build does not know yet,
 * or a payload of another shape, is named politely instead of hidden.
 */
export const sayFact = (item: TimelineItem, lang: Lang, timeZone: string, names: Names = {}): Said => {
  const reasons = tellable(reasonsOf(item))
    .map((reason) => say(reason, lang, timeZone))
    .join(lang === 'zh' ? '；' : '; ')
  const told = isFactType(item.type)
    ? tellers[item.type](item.payload, { lang, names: { ...names, ...item.names }, reasons })
    : null
  return told ?? { title: fill(texts.unknown, { type: item.type }, lang), detail: reasons }
}
