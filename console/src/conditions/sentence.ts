import type { AttributeTest, Condition, EventRef } from '@zhiyin/shared/condition'
import { fill, label, moneyOf, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { bare, isGroup, type Leaf } from './tree.ts'

/** Names for the ids in a condition; undefined where nobody knows. */
export type ConditionNames = Record<'chat' | 'rep' | 'channel' | 'segment', (id: string) => string | undefined>

const words = {
  everyone: { zh: '所有人', en: 'everyone' },
  stage: { zh: '阶段是 {value}', en: 'stage is {value}' },
  stageNot: { zh: '阶段不是 {value}', en: 'stage is not {value}' },
  tier: { zh: '层级是 {value}', en: 'tier is {value}' },
  tierNot: { zh: '层级不是 {value}', en: 'tier is not {value}' },
  level: { zh: '{scheme}是 {value}', en: '{scheme} is {value}' },
  levelNot: { zh: '{scheme}不是 {value}', en: '{scheme} is not {value}' },
  tag: { zh: '有标签「{value}」', en: 'has the tag {value}' },
  tagNot: { zh: '没有标签「{value}」', en: 'lacks the tag {value}' },
  segment: { zh: '属于人群「{value}」', en: 'is in the segment {value}' },
  segmentNot: { zh: '不属于人群「{value}」', en: 'is not in the segment {value}' },
  chat: { zh: '在群 {value}', en: 'is in the group {value}' },
  chatNot: { zh: '不在群 {value}', en: 'is not in the group {value}' },
  silent: { zh: '{days} 天未互动', en: 'silent for {days} days' },
  silentNot: { zh: '{days} 天内有互动', en: 'not silent for {days} days' },
  rhythm: { zh: '距上次下单已满自己节奏的 {factor} 倍', en: 'last bought {factor}× their own rhythm ago' },
  ordersGte: { zh: '至少 {value} 单', en: 'has bought at least {value}×' },
  ordersLte: { zh: '最多 {value} 单', en: 'has bought at most {value}×' },
  event: { zh: '{when}「{event}」{op} {count} 次', en: '{event} {op} {count}×{when}' },
  eventOnce: { zh: '{when}有「{event}」', en: '{event}{when}' },
  eventNever: { zh: '{when}没有「{event}」', en: 'never {event}{when}' },
  within: { zh: '近 {days} 天', en: ' within {days} days' },
  gte: { zh: '至少', en: 'at least' },
  lte: { zh: '最多', en: 'at most' },
  sequence: {
    zh: '{since}「{first}」后 {days} 天内「{next}」',
    en: '{next} within {days} days after {first}{since}',
  },
  is: { zh: '{key}是 {value}', en: '{key} is {value}' },
  isNot: { zh: '{key}不是 {value}', en: '{key} is not {value}' },
  has: { zh: '{key}包含 {value}', en: '{key} includes {value}' },
  hasNot: { zh: '{key}不包含 {value}', en: '{key} does not include {value}' },
  atLeast: { zh: '{key}至少 {value}', en: '{key} is at least {value}' },
  atMost: { zh: '{key}最多 {value}', en: '{key} is at most {value}' },
  begins: { zh: '{key}以「{value}」开头', en: '{key} begins with “{value}”' },
  before: { zh: '{key}早于 {value}', en: '{key} is before {value}' },
  since: { zh: '{key}不早于 {value}', en: '{key} is {value} or later' },
  withinDays: { zh: '{key}在近 {value} 天内', en: '{key} is within the last {value} days' },
  olderDays: { zh: '{key}在 {value} 天以前', en: '{key} is more than {value} days ago' },
  someAttribute: { zh: '属性…', en: 'attribute …' },
  known: { zh: '知道{key}', en: '{key} is known' },
  knownNot: { zh: '不知道{key}', en: '{key} is not known' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  not: { zh: '不满足（{value}）', en: 'not ({value})' },
  chats: { zh: '指定的 {n} 个', en: 'one of {n}' },
} as const satisfies Record<string, Bilingual>

type Word = keyof typeof words
type Put = (word: Word, params?: Record<string, string | number>) => string
/** Stand around what a person has chosen, so that a chip can show it strong. */
const [from, to] = ['\ue000', '\ue001']
const spaced = (text: string): string => text.replace(/(\p{Script=Han})(\ue000?\d)/gu, '$1 $2')
const putIn =
  (lang: Lang): Put =>
  (word, params = {}) =>
    spaced(fill(words[word], params, lang))
const putMarked =
  (lang: Lang): Put =>
  (word, params = {}) => {
    const plain: ReadonlySet<string> = new Set(['when', 'since'])
    const marked = Object.entries(params).map(([key, value]): [string, string | number] => [
      key,
      plain.has(key) ? value : `${from}${value}${to}`,
    ])
    return spaced(fill(words[word], Object.fromEntries(marked), lang))
  }
const listOf = (items: readonly string[], lang: Lang): string => items.join(lang === 'zh' ? '、' : ', ') || '…'

/** 下单, 看了商品: an event in words; a behaviour nobody has words for by its own name. */
export const eventName = ({ event, name }: EventRef, lang: Lang): string => {
  const word = label('fact', name ?? event, lang)
  if (name !== undefined && word === name) return lang === 'zh' ? name : `“${name}”`
  return lang === 'zh' ? word : `${word.charAt(0).toLowerCase()}${word.slice(1)}`
}

const lists: ReadonlySet<string> = new Set(['categories', 'topics', 'reps', 'channels', 'spend_other'])
const money: ReadonlySet<string> = new Set(['spend', 'average_order'])

type AttributeLeaf = Extract<Leaf, { type: 'attribute' }>

/** Values as people know them: reps and channels by name, choices in words, money in yuan. */
const valuesOf = (
  { key, test, money: isMoney }: AttributeLeaf,
  lang: Lang,
  put: Put,
  names?: ConditionNames,
): string => {
  switch (test.op) {
    case 'is':
      return listOf(
        test.values.map((value) => {
          if (typeof value === 'boolean') return put(value ? 'yes' : 'no')
          const text = String(value)
          if (key === 'reps') return names?.rep(text) ?? text
          return key === 'channels' ? (names?.channel(text) ?? text) : label(key, text, lang)
        }),
        lang,
      )
    case 'at_least':
    case 'at_most':
      return isMoney === true || money.has(key) ? moneyOf(test.value) : String(test.value)
    case 'begins':
      return test.value || '…'
    case 'before':
    case 'since':
      return test.date.slice(0, 10)
    case 'within_days':
    case 'older_days':
      return String(test.days)
    case 'known':
      return ''
  }
}

const testWords = {
  at_least: 'atLeast',
  at_most: 'atMost',
  begins: 'begins',
  before: 'before',
  since: 'since',
  within_days: 'withinDays',
  older_days: 'olderDays',
} as const satisfies Partial<Record<AttributeTest['op'], Word>>

type Said = { readonly text: string; /** The negation is in the words already. */ readonly denied: boolean }
const sayAttribute = (leaf: AttributeLeaf, not: boolean, lang: Lang, put: Put, names?: ConditionNames): Said => {
  const key = leaf.name ?? (leaf.key === '' ? putIn(lang)('someAttribute') : label('attribute', leaf.key, lang))
  const value = valuesOf(leaf, lang, putIn(lang), names)
  if (leaf.test.op === 'known') return { text: put(not ? 'knownNot' : 'known', { key }), denied: true }
  if (leaf.test.op !== 'is') return { text: put(testWords[leaf.test.op], { key, value }), denied: false }
  const many = lists.has(leaf.key)
  return { text: put(many ? (not ? 'hasNot' : 'has') : not ? 'isNot' : 'is', { key, value }), denied: true }
}

const sayEvent = (leaf: Extract<Leaf, { type: 'event' }>, not: boolean, lang: Lang, put: Put): Said => {
  const when = leaf.withinDays === null ? '' : put('within', { days: leaf.withinDays })
  const params = { when, event: eventName(leaf.of, lang) }
  if (leaf.op === 'gte' && leaf.count === 1)
    return { text: put(not ? 'eventNever' : 'eventOnce', params), denied: true }
  if (leaf.op === 'lte' && leaf.count === 0)
    return { text: put(not ? 'eventOnce' : 'eventNever', params), denied: true }
  const text = put('event', { ...params, op: putIn(lang)(leaf.op), count: leaf.count })
  return { text, denied: false }
}

const leafSaid = (leaf: Leaf, not: boolean, lang: Lang, put: Put, names?: ConditionNames): Said => {
  const either = (word: Word, other: Word, params: Record<string, string | number>): Said => ({
    text: put(not ? other : word, params),
    denied: true,
  })
  switch (leaf.type) {
    case 'stage':
      return either('stage', 'stageNot', {
        value: listOf(
          leaf.in.map((stage) => label('stage', stage, lang)),
          lang,
        ),
      })
    case 'tier':
      return either('tier', 'tierNot', { value: listOf(leaf.in, lang) })
    case 'level': {
      const value = listOf(
        leaf.in.map((key) => leaf.names?.[key] ?? key),
        lang,
      )
      const scheme = leaf.scheme || (leaf.schemeId === '' ? '…' : leaf.schemeId)
      return either('level', 'levelNot', { scheme, value })
    }
    case 'tag':
      return either('tag', 'tagNot', { value: leaf.tag || '…' })
    case 'segment':
      return either('segment', 'segmentNot', { value: names?.segment(leaf.segmentId) ?? (leaf.segment || '…') })
    case 'group': {
      const known = leaf.chatIds.flatMap((id) => names?.chat(id) ?? [])
      const value =
        known.length === leaf.chatIds.length ? listOf(known, lang) : putIn(lang)('chats', { n: leaf.chatIds.length })
      return either('chat', 'chatNot', { value })
    }
    case 'silent':
      return either('silent', 'silentNot', { days: leaf.minDays })
    case 'rhythm':
      return { text: put('rhythm', { factor: leaf.factor }), denied: false }
    case 'orders':
      return { text: put(leaf.op === 'gte' ? 'ordersGte' : 'ordersLte', { value: leaf.value }), denied: false }
    case 'event':
      return sayEvent(leaf, not, lang, put)
    case 'sequence': {
      const since = leaf.sinceDays === null ? '' : put('within', { days: leaf.sinceDays })
      const [first, next] = [eventName(leaf.first, lang), eventName(leaf.next, lang)]
      return { text: put('sequence', { since, first, next, days: leaf.withinDays }), denied: false }
    }
    case 'attribute':
      return sayAttribute(leaf, not, lang, put, names)
  }
}

const joiners = { all: { zh: '，且', en: ' and ' }, any: { zh: '，或', en: ' or ' } } as const

/** A leaf in words, what a person has chosen marked as strong. */
export const leafParts = (
  leaf: Leaf,
  not: boolean,
  lang: Lang,
  names?: ConditionNames,
): { text: string; strong: boolean }[] => {
  const said = leafSaid(leaf, not, lang, putMarked(lang), names)
  const text = not && !said.denied ? putIn(lang)('not', { value: said.text }) : said.text
  return text
    .split(from)
    .flatMap((piece, i) => {
      const [strong = '', plain] = piece.split(to)
      return i === 0 || plain === undefined
        ? [{ text: piece, strong: false }]
        : [
            { text: strong, strong: true },
            { text: plain, strong: false },
          ]
    })
    .filter((part) => part.text !== '')
}

/** A condition in words, to any depth; an empty one is everyone. Never an id where a name is known. */
export const conditionSentence = (condition: Condition, lang: Lang, names?: ConditionNames): string => {
  const put = putIn(lang)
  const { not, inner } = bare(condition)
  if (!isGroup(inner)) {
    const { text, denied } = leafSaid(inner, not, lang, put, names)
    return not && !denied ? put('not', { value: text }) : text
  }
  if (inner.of.length === 0) return not ? put('not', { value: put('everyone') }) : put('everyone')
  const parts = inner.of.map((part) => {
    const text = conditionSentence(part, lang, names)
    const group = isGroup(part) && part.of.length > 1
    return group ? (lang === 'zh' ? `（${text}）` : `(${text})`) : text
  })
  const text = spaced(parts.join(joiners[inner.type][lang]))
  return not ? put('not', { value: text }) : text
}
