import type { RecallForm, RecallLadder } from '@zhiyin/shared/recall'
import { fill, label, type Bilingual, type Lang } from '@zhiyin/shared/text'

const words = {
  stage: { zh: '客户进入「{value}」时', en: 'When a customer enters {value}' },
  silent: { zh: '每天 {at} 找出 {n} 天没有互动的客户', en: 'Every day at {at}, whoever was silent for {n} days' },
  silentTo: {
    zh: '每天 {at} 找出 {n} 到 {to} 天没有互动的客户',
    en: 'Every day at {at}, whoever was silent for {n} to {to} days',
  },
  rhythm: {
    zh: '每天 {at} 找出距上次下单已满自己节奏 {n} 倍的客户',
    en: 'Every day at {at}, whoever last bought {n}× their own rhythm ago',
  },
  tags: { zh: '有标签{value}', en: 'with the tag {value}' },
  segments: { zh: '属于人群{value}', en: 'in the segment {value}' },
  quoted: { zh: '「{value}」', en: '“{value}”' },
  or: { zh: '或', en: ' or ' },
  ladder: { zh: '{tier} 层：{rungs}', en: '{tier}: {rungs}' },
  gentle: { zh: '发「{content}」', en: 'send “{content}”' },
  coupon: { zh: '发优惠「{content}」', en: 'send the offer “{content}”' },
  call: { zh: '请顾问「{title}」', en: 'ask the rep to “{title}”' },
  after: { zh: '再过 {n} 天{rung}', en: 'after {n} more days {rung}' },
  stop: { zh: '客户{value}就停', en: 'It stops when the customer {value}' },
  noStop: { zh: '不提前停止', en: 'It does not stop early' },
  ordered: { zh: '下单', en: 'buys' },
  replied: { zh: '回复', en: 'answers' },
  objected: { zh: '表示不想再收到', en: 'objects' },
  again: { zh: '结束后 {n} 天内不再进入', en: 'not again within {n} days after it is over' },
  atOnce: { zh: '结束后可以马上再进入', en: 'again at once when it is over' },
  workdays: { zh: '只在工作日发', en: 'sends on working days only' },
  holdout: { zh: '{n}% 留作对照', en: '{n}% are left alone for comparison' },
} as const satisfies Record<string, Bilingual>

type Params = Record<string, string | number>
type NameOf = (contentId: string) => string

const comma = { zh: '，', en: ', ' } as const
const stop = { zh: '。', en: '.' } as const
const semicolon = { zh: '；', en: '; ' } as const

/** What a recall form will do, in parts: whom it finds, what each tier gets, and when it stops. */
type RecallWords = { readonly who: string; readonly ladders: readonly string[]; readonly ends: string }

/** What a recall form will do, as a manager would say it; pure, so that it follows every keystroke. `nameOf` gives the name of a content. */
export const recallWords = (form: RecallForm, nameOf: NameOf, lang: Lang): RecallWords => {
  const put = (word: keyof typeof words, params: Params = {}): string => fill(words[word], params, lang)
  const either = (items: readonly string[]): string => items.join(put('or'))
  const quoted = (items: readonly { name: string }[]) =>
    either(items.map(({ name: value }) => put('quoted', { value })))

  const when = (): string => {
    const { when: asked, at } = form
    if (asked.type === 'stage')
      return put('stage', { value: either(asked.stages.map((stage) => label('stage', stage, lang))) || '…' })
    if (asked.type === 'rhythm') return put('rhythm', { at, n: asked.factor })
    return asked.maxDays === null
      ? put('silent', { at, n: asked.minDays })
      : put('silentTo', { at, n: asked.minDays, to: asked.maxDays })
  }
  const rungs = ({ gentle, coupon, call }: RecallLadder): string[] => {
    const named = (id: string): string => (id === '' ? '…' : nameOf(id))
    const all = [
      ...(gentle === null ? [] : [{ n: 0, rung: put('gentle', { content: named(gentle.contentId) }) }]),
      ...(coupon === null ? [] : [{ n: coupon.afterDays, rung: put('coupon', { content: named(coupon.contentId) }) }]),
      ...(call === null ? [] : [{ n: call.afterDays, rung: put('call', { title: call.title || '…' }) }]),
    ]
    return all.map(({ n, rung }, index) => (index === 0 ? rung : put('after', { n, rung })))
  }
  const who = [
    when(),
    ...(form.tags.length === 0 ? [] : [put('tags', { value: quoted(form.tags) })]),
    ...(form.segments.length === 0 ? [] : [put('segments', { value: quoted(form.segments) })]),
  ].join(comma[lang])
  const ladders = form.ladders.map((ladder) =>
    put('ladder', { tier: ladder.tier, rungs: rungs(ladder).join(comma[lang]) || '…' }),
  )
  const ends =
    form.stopOn.length === 0 ? put('noStop') : put('stop', { value: either(form.stopOn.map((each) => put(each))) })
  const limits = [
    form.againDays === 0 ? put('atOnce') : put('again', { n: form.againDays }),
    ...(form.workdays ? [put('workdays')] : []),
    ...(form.holdoutPercent === 0 ? [] : [put('holdout', { n: form.holdoutPercent })]),
  ].join(comma[lang])
  const colon = lang === 'zh' ? '：' : ':'
  return { who: `${who}${colon}`, ladders, ends: `${ends}${semicolon[lang]}${limits}${stop[lang]}` }
}
