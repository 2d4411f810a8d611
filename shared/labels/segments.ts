import type { Vocabularies } from './vocabulary.ts'

/** Segments. */
export const segmentsLabels = {
  segment_kind: {
    rule: { zh: '按条件', en: 'By condition' },
    list: { zh: '名单', en: 'List' },
  },
  segment_export: {
    waiting: { zh: '等待中', en: 'Waiting' },
    under_way: { zh: '正在生成', en: 'Being made' },
    done: { zh: '可下载', en: 'Ready' },
    failed: { zh: '没有成功', en: 'Failed' },
    expired: { zh: '已过期', en: 'Expired' },
  },
  segment_use: {
    segment: { zh: '人群', en: 'Segment' },
    rule: { zh: '规则', en: 'Rule' },
    tag: { zh: '标签规则', en: 'Tag rule' },
    scheme: { zh: '分层方案', en: 'Tier scheme' },
    broadcast: { zh: '群发', en: 'Broadcast' },
  },
} as const satisfies Vocabularies
