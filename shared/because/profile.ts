import type { Bilingual } from '../text.ts'

/** Why a tag is there, and why a suggestion is made. */
export const profileBecause = {
  'tag.by_channel': { zh: '来自渠道「{channel}」', en: 'Came by the channel {channel}' },
  'tag.by_rule': { zh: '由规则「{rule}」打上', en: 'Set by the rule {rule}' },
  'tag.by_person': { zh: '由 {by|actor} 手动打上', en: 'Set by {by|actor}' },
  'tag.rule_over': { zh: '不再满足标签规则', en: 'The tag rule holds no longer' },
  'tag.rule_other_tag': { zh: '规则不再打「{tag}」', en: 'The rule no longer sets {tag}' },
  'tag.by_import': { zh: '由导入文件「{file}」打上', en: 'Set by the imported file {file}' },
  'tag.by_wecom': { zh: '从企业微信同步', en: 'Synced from WeCom' },
  'tag.by_tag_rule': { zh: '由标签规则「{rule}」打上', en: 'Kept on by the tag rule {rule}' },
  'tag.by_model': {
    zh: '由模型「{model}」判断，把握 {confidence|percent}',
    en: 'Found by the model {model}, {confidence|percent} sure',
  },
  'tag.model_version': { zh: '模型版本 {version}', en: 'Version {version} of the model' },
  'tag.model_why': { zh: '模型的依据：{why}', en: 'The model’s reason: {why}' },
  'tag.exclusive': { zh: '同组只留一个，现在是「{tag}」', en: 'Only one of its group stays: now {tag}' },
  'tag.other_of_group': { zh: '同组已有别的标签', en: 'Another tag of its group is on' },
  'tag.taken_off': { zh: '有人取下过，规则不再打上', en: 'Somebody took it off, so no rule puts it on' },
  'tag.expired': { zh: '到期自动取下', en: 'Expired' },
  'tag.returned': {
    zh: '到期和同组只留一个都不再使它取下，标签恢复',
    en: 'Neither its expiry nor another tag of its group keeps it off any more',
  },
  'tag.deleted': { zh: '标签被删除', en: 'The tag was deleted' },
  'merge.met': {
    zh: '同一条数据里既有{kind|identity}又有{other|identity}',
    en: 'One message names the {kind|identity} and the {other|identity}',
  },
  'merge.by_person': { zh: '{by|actor} 判断为同一个人', en: '{by|actor} says they are one person' },
  'suggest.welcome': { zh: '新客户，{days|ago}添加，还没有聊过', en: 'New, added {days|ago}, not talked to yet' },
  'suggest.wake': { zh: '沉默 {days} 天', en: 'Silent for {days} days' },
  'suggest.rhythm': { zh: '按 {median|round} 天周期，该复购了', en: 'Due to buy again on a {median|round}-day cycle' },
  'suggest.after_order': { zh: '{days|ago}刚下单', en: 'Bought {days|ago}' },
  'suggest.rule': { zh: '规则「{rule}」为 {tier} 层准备的话', en: 'Prepared by the rule {rule} for tier {tier}' },
  'suggest.keep': { zh: '保持联系，{days|ago}有过互动', en: 'Keep in touch, last seen {days|ago}' },
} as const satisfies Record<string, Bilingual>
