import type { Lang } from '@zhiyin/shared/text'

const names: Readonly<Record<string, { zh: string; en: string }>> = {
  inbox: { zh: '收件箱', en: 'Inbox' },
  events: { zh: '事件', en: 'Events' },
  ingest: { zh: '数据接入', en: 'Ingest' },
  profile: { zh: '画像', en: 'Profile' },
  'profile.recompute': { zh: '画像重算', en: 'Profile, worked out anew' },
  segments: { zh: '层级与阶段', en: 'Tiers and stages' },
  rules: { zh: '规则', en: 'Rules' },
  outbox: { zh: '发件箱', en: 'Outbox' },
  results: { zh: '发送结果', en: 'Results' },
  groups: { zh: '社群', en: 'Groups' },
  tasks: { zh: '任务', en: 'Tasks' },
  welcome: { zh: '欢迎语', en: 'Welcome' },
  members: { zh: '成员', en: 'Members' },
  sync: { zh: '对账', en: 'Comparison with WeCom' },
  tags: { zh: '标签', en: 'Tags' },
  channels: { zh: '渠道活码', en: 'Channels' },
}

/** A stage of the pipeline by the name people know; one we have no word for prints as it is. */
export const stageTitle = (stage: string, lang: Lang): string => names[stage]?.[lang] ?? stage
