import type { Vocabularies } from './vocabulary.ts'

/** Stages, tiers and the schemes behind them. */
export const levelsLabels = {
  stage: {
    potential: { zh: '潜在', en: 'Potential' },
    new: { zh: '新客', en: 'New' },
    active: { zh: '活跃', en: 'Active' },
    mature: { zh: '成熟', en: 'Mature' },
    silent: { zh: '沉默', en: 'Silent' },
    lost: { zh: '流失', en: 'Lost' },
  },
  tier: {
    A: { zh: 'A 高价值', en: 'A High value' },
    B: { zh: 'B 成长', en: 'B Growing' },
    C: { zh: 'C 普通', en: 'C Ordinary' },
  },
  rfm: {
    champion: { zh: '重要价值', en: 'Champion' },
    grow: { zh: '重要发展', en: 'To develop' },
    keep: { zh: '重要保持', en: 'To keep' },
    rescue: { zh: '重要挽留', en: 'To win back' },
    value: { zh: '一般价值', en: 'Ordinary value' },
    develop: { zh: '一般发展', en: 'Ordinary, to develop' },
    hold: { zh: '一般保持', en: 'Ordinary, to keep' },
    idle: { zh: '一般挽留', en: 'Ordinary, to win back' },
  },
  tier_measure: {
    recency: { zh: 'R 最近下单', en: 'R last order' },
    frequency: { zh: 'F 下单次数', en: 'F orders' },
    monetary: { zh: 'M 消费金额', en: 'M spend' },
    spend: { zh: '消费金额', en: 'Spend' },
    orders: { zh: '下单次数', en: 'Orders' },
    average_order: { zh: '客单价', en: 'Average order' },
  },
  scheme_kind: {
    rfm: { zh: 'RFM', en: 'RFM' },
    value: { zh: '价值', en: 'Value' },
    lifecycle: { zh: '生命周期', en: 'Lifecycle' },
    table: { zh: '条件', en: 'Conditions' },
  },
  trial: {
    running: { zh: '进行中', en: 'under way' },
    done: { zh: '待处理', en: 'to be decided' },
    adopted: { zh: '已采用', en: 'adopted' },
    dismissed: { zh: '已放弃', en: 'dismissed' },
  },
} as const satisfies Vocabularies
