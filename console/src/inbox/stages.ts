import type { Lang } from '@zhiyin/shared/text'

const names: Readonly<Record<string, { zh: string; en: string }>> = {
  inbox: { zh: '收件箱', en: 'Inbox' },
  events: { zh: '事件', en: 'Events' },
  ingest: { zh: '数据接入', en: 'Ingest' },
  profile: { zh: '画像', en: 'Profile' },
  'profile.recompute': { zh: '画像重算', en: 'Profile, worked out anew' },
  'profile.upgrade': { zh: '画像升级', en: 'Profile, brought into a new form' },
  segments: { zh: '层级与阶段', en: 'Tiers and stages' },
  rules: { zh: '规则', en: 'Rules' },
  outbox: { zh: '发件箱', en: 'Outbox' },
  results: { zh: '发送结果', en: 'Results' },
  groups: { zh: '社群', en: 'Groups' },
  losses: { zh: '流失提醒', en: 'Losses' },
  transfers: { zh: '客户继承', en: 'Hand-overs' },
  tasks: { zh: '任务', en: 'Tasks' },
  welcome: { zh: '欢迎语', en: 'Welcome' },
  members: { zh: '成员', en: 'Members' },
  sync: { zh: '对账', en: 'Comparison with WeCom' },
  broadcasts: { zh: '群发', en: 'Mass messages' },
  'push-plans': { zh: '定时推送', en: 'Scheduled pushes' },
  'task-cards': { zh: '任务卡片', en: 'Task cards' },
  media: { zh: '素材', en: 'Media' },
  alerts: { zh: '接入告警', en: 'Alerts' },
  'transfers.leavers': { zh: '离职交接', en: 'Leavers' },
  'groups.stats': { zh: '社群活跃', en: 'Group activity' },
  setup: { zh: '接入检查', en: 'Setup' },
  tags: { zh: '标签', en: 'Tags' },
  channels: { zh: '渠道活码', en: 'Channels' },
}

/** A stage of the pipeline by the name people know; one we have no word for prints as it is. */
export const stageTitle = (stage: string, lang: Lang): string => names[stage]?.[lang] ?? stage
