import type { Bilingual } from '../text.ts'

/** Why a group has its tier, and why a planned push did not go to it. */
export const groupBecause = {
  'group.tier_hand': { zh: '{by|actor} 于 {at|date} 手动设为 {tier}', en: 'Set to {tier} by {by|actor} on {at|date}' },
  'group.tier_given': { zh: '手动设为 {tier}', en: 'Set to {tier} by hand' },
  'group.tier_share': {
    zh: '{known} 位客户里 {count} 位是 {tier} 层或更好，占 {share|percent}（要 {limit|percent}）',
    en: '{count} of {known} customers in it are {tier} or better: {share|percent} (asked for {limit|percent})',
  },
  'group.tier_below': {
    zh: '{tier} 层或更好的只有 {count} / {known}，占 {share|percent}，不到 {limit|percent}',
    en: 'Only {count} of {known} are {tier} or better: {share|percent}, under {limit|percent}',
  },
  'group.tier_few': {
    zh: '群里只认识 {known} 位客户，不到 {limit} 位，先按 {tier}',
    en: 'Only {known} customers known in it, fewer than {limit}: {tier} for now',
  },
  'group.tier_off': {
    zh: '没有启用按成员定层级，用默认的 {tier}',
    en: 'Tiers are not taken from members: {tier} by default',
  },
  'group.tier_new': { zh: '还没有按成员算过，先按 {tier}', en: 'Members not counted yet: {tier} for now' },
  'push.late': {
    zh: '{at|moment} 时系统没有运行，晚了超过 {hours} 小时，已跳过',
    en: 'The product was not running on {at|moment}; more than {hours} h late, so it was skipped',
  },
  'push.newer': {
    zh: '{at|moment} 时系统没有运行，恢复后只补发最近一次',
    en: 'The product was not running on {at|moment}; only the latest one was made up for',
  },
  'push.paused': { zh: '{at|moment} 时计划暂停着', en: 'The plan was paused on {at|moment}' },
  'push.no_group': { zh: '没有符合条件的群', en: 'No group fitted' },
  'push.no_content': { zh: '内容已被删除', en: 'The content was deleted' },
  'push.paced': {
    zh: '同一位群主每 {minutes} 分钟最多 {most} 条待确认，排到 {at|moment}',
    en: 'At most {most} messages to confirm per owner in {minutes} minutes: comes on {at|moment}',
  },
} as const satisfies Record<string, Bilingual>
