import type { Bilingual } from '../text.ts'

/** Why a rule took a customer in, went on, or let them go. */
export const ruleBecause = {
  'rule.stage_entered': { zh: '进入「{stage|stage}」', en: 'Entered {stage|stage}' },
  'rule.tier_changed': { zh: '层级 {from} → {to}', en: 'Tier {from} → {to}' },
  'rule.added': { zh: '通过「{channel}」添加', en: 'Added through {channel}' },
  'rule.event': { zh: '发生了「{event|fact}」', en: 'Event: {event|fact}' },
  'rule.schedule': { zh: '到了 {time} 的定时', en: 'The schedule of {time} came' },
  'rule.manual': { zh: '由 {by} 手动加入', en: 'Added by hand by {by}' },
  'rule.stage_is': { zh: '阶段是「{value|stage}」', en: 'Stage is {value|stage}' },
  'rule.stage_not': {
    zh: '阶段是「{value|stage}」，不在条件内',
    en: 'Stage is {value|stage}, not among those asked for',
  },
  'rule.tier_is': { zh: '层级是 {value}', en: 'Tier is {value}' },
  'rule.tier_not': { zh: '层级是 {value}，不在条件内', en: 'Tier is {value}, not among those asked for' },
  'rule.tag_has': { zh: '有标签「{value}」', en: 'Has the tag {value}' },
  'rule.tag_lacks': { zh: '没有标签「{value}」', en: 'Does not have the tag {value}' },
  'rule.silent_for': {
    zh: '已 {days} 天未互动（要求 {min} 天）',
    en: 'No interaction for {days} days (asked for {min})',
  },
  'rule.orders': { zh: '共 {count} 单（要求 {op} {value}）', en: '{count} order(s) (asked for {op} {value})' },
  'rule.never_seen': {
    zh: '从未互动过，不算沉默（要求 {min} 天）',
    en: 'Never seen, so not silent (asked for {min} days)',
  },
  'rule.excluded': { zh: '满足了排除条件', en: 'Excluded' },
  'rule.not': { zh: '不满足排除条件', en: 'Not excluded' },
  'rule.everyone': { zh: '没有设条件，人人符合', en: 'No condition: everyone qualifies' },
  'rule.held_out': { zh: '对照组（{percent}%），刻意不触达', en: 'In the holdout ({percent}%), left alone on purpose' },
  'rule.reentry': { zh: '{days} 天内进入过，不重复进入', en: 'Was in this rule within {days} days' },
  'rule.running': { zh: '正在这条规则中', en: 'Is in this rule now' },
  'rule.goal_met': { zh: '达成目标：{goal|goal}', en: 'Goal met: {goal|goal}' },
  'rule.exit_replied': { zh: '客户已回复', en: 'The customer answered' },
  'rule.exit_ordered': { zh: '客户已下单', en: 'The customer bought' },
  'rule.exit_deleted': { zh: '客户删除了顾问', en: 'The customer deleted the rep' },
  'rule.exit_condition': { zh: '不再满足条件', en: 'No longer qualifies' },
  'rule.finished': { zh: '走完全部步骤', en: 'Went through every step' },
  'rule.exit_step': { zh: '按规则结束', en: 'Ended by the rule' },
  'rule.goal_window': { zh: '{days} 天内未达成目标', en: 'Goal not met within {days} days' },
  'rule.switched_off': { zh: '规则被 {by} 停用', en: 'The rule was switched off by {by}' },
} as const satisfies Record<string, Bilingual>
