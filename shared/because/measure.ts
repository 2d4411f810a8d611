import type { Bilingual } from '../text.ts'

/** What may be concluded from a comparison, and what not yet. Lifts are percent. */
export const measureBecause = {
  'measure.no_holdout': {
    zh: '没有对照组，看不出是规则带来的，还是本来就会发生',
    en: 'No holdout: what the rule brought about cannot be told from what would have happened anyway',
  },
  'measure.no_base': {
    zh: '还没有对照客户走完观察期',
    en: 'No customer to compare with is through their window yet',
  },
  'measure.no_goal': { zh: '规则没有目标，只比较消费', en: 'The rule has no goal, so only spend is compared' },
  'measure.nothing_yet': { zh: '还没有人达成目标', en: 'Nobody has reached the goal yet' },
  'measure.not_yet': {
    zh: '还看不出差别：还需约 {missing} 人',
    en: 'No difference to be seen yet: about {missing} more customers are needed',
  },
  'measure.early_better': {
    zh: '目前高 {lift}%（{low}% 到 {high}%），但样本未满，还需约 {missing} 人：中途下结论容易看错',
    en: '{lift}% higher so far ({low}% to {high}%), but the sample is short of about {missing} customers: looking early misleads',
  },
  'measure.early_worse': {
    zh: '目前低 {lift}%（{low}% 到 {high}%），但样本未满，还需约 {missing} 人：中途下结论容易看错',
    en: '{lift}% lower so far ({low}% to {high}%), but the sample is short of about {missing} customers: looking early misleads',
  },
  'measure.better': {
    zh: '有效：高 {lift}%（95% 把握在 {low}% 到 {high}% 之间）',
    en: 'It works: {lift}% higher (95% sure of {low}% to {high}%)',
  },
  'measure.worse': {
    zh: '适得其反：低 {lift}%（95% 把握在 {low}% 到 {high}% 之间）',
    en: 'It does harm: {lift}% lower (95% sure of {low}% to {high}%)',
  },
  'measure.alike': {
    zh: '样本已满，没有看出差别；若真有 {lift}% 的提升，五次有四次会看出来',
    en: 'The sample is there and shows no difference; a lift of {lift}% would have shown in 4 of 5 cases',
  },
  'measure.money_more': {
    zh: '人均多消费 {at|money}（{low|money} 到 {high|money}）',
    en: '{at|money} more spent per customer ({low|money} to {high|money})',
  },
  'measure.money_less': {
    zh: '人均少消费 {at|money}（{low|money} 到 {high|money}）',
    en: '{at|money} less spent per customer ({low|money} to {high|money})',
  },
  'measure.money_unclear': {
    zh: '人均消费看不出差别（{low|money} 到 {high|money}）',
    en: 'No difference to be seen in spend per customer ({low|money} to {high|money})',
  },
  'measure.money_early_more': {
    zh: '目前人均多消费 {at|money}（{low|money} 到 {high|money}），样本未满，还不能下结论',
    en: '{at|money} more spent per customer so far ({low|money} to {high|money}); the sample is not there yet',
  },
  'measure.money_early_less': {
    zh: '目前人均少消费 {at|money}（{low|money} 到 {high|money}），样本未满，还不能下结论',
    en: '{at|money} less spent per customer so far ({low|money} to {high|money}); the sample is not there yet',
  },
  'measure.money_few': { zh: '下单的客户太少，消费还不能比较', en: 'Too few have bought to compare spend' },
} as const satisfies Record<string, Bilingual>
