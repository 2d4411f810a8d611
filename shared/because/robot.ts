import type { Bilingual } from '../text.ts'

/** What stands in the way of a robot or of a message of the app, and what to do. */
export const robotBecause = {
  'robot.gone': {
    zh: '机器人地址失效或已被移出群（{errcode|code}）：请在群里重新添加机器人并登记新地址',
    en: 'The robot was removed or its address is wrong ({errcode|code}): add one to the group again and register its address',
  },
  'robot.off': {
    zh: '机器人已被停用（{errcode|code}）：请群主或管理员在企业微信里启用，再点「测试并恢复」',
    en: 'The robot is switched off ({errcode|code}): have it switched on in WeCom, then press “test and resume”',
  },
  'robot.not_in_group': {
    zh: '机器人不在这个群里（{errcode|code}）：请把它加回群，再点「测试并恢复」',
    en: 'The robot is not in this group ({errcode|code}): add it again, then press “test and resume”',
  },
  'robot.refused': {
    zh: '企业微信不让机器人发言（{errcode|code} {hint}）：处理后点「测试并恢复」',
    en: 'WeCom does not let the robot speak ({errcode|code} {hint}): mend it, then press “test and resume”',
  },
  'robot.unregistered': {
    zh: '这个群没有登记机器人：请登记 Webhook 地址',
    en: 'No robot is registered for this group: register its webhook address',
  },
  'robot.part_lost': {
    zh: '共 {of} 段，第 {parts} 段的应答丢失，群机器人无法核对，按默认不重发',
    en: 'Of {of} parts the answer to {parts} was lost; a robot has no list to check, so it is not repeated',
  },
  'send.members_unreached': {
    zh: '{count} 人收不到（不在应用可见范围）：{who}',
    en: '{count} cannot be reached (outside the app’s range): {who}',
  },
  'send.card_over': {
    zh: '卡片已更新过或超过 72 小时，不能再改',
    en: 'The card was updated already or is older than 72 h',
  },
  'send.recall_late': { zh: '超过 24 小时，不能撤回', en: 'Older than 24 h, cannot be recalled' },
} as const satisfies Record<string, Bilingual>
