import type { Vocabularies } from './vocabulary.ts'

/** Experiments and what they show. */
export const measureLabels = {
  /** How somebody was treated in what is compared; arms of a split go by their names. */
  arm: {
    treated: { zh: '触达', en: 'Reached' },
    holdout: { zh: '对照', en: 'Holdout' },
    global_holdout: { zh: '全局对照', en: 'Global holdout' },
  },
  verdict: {
    no_base: { zh: '无法比较', en: 'Nothing to compare' },
    nothing_yet: { zh: '还没有结果', en: 'Nothing yet' },
    not_yet: { zh: '还看不出', en: 'Not yet' },
    early_better: { zh: '看似有效', en: 'Looks better' },
    early_worse: { zh: '看似有害', en: 'Looks worse' },
    alike: { zh: '没有差别', en: 'No difference' },
    better: { zh: '有效', en: 'Works' },
    worse: { zh: '有害', en: 'Harms' },
  },
  goal: {
    ordered: { zh: '下单', en: 'Bought' },
    replied: { zh: '回复', en: 'Answered' },
    event: { zh: '某个事件', en: 'An event' },
    objected: { zh: '拒收', en: 'Objected' },
  },
} as const satisfies Vocabularies
