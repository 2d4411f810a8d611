import type { Bilingual } from '../text.ts'

/** WeCom, hand-overs, channel codes, groups and callbacks. */
export const wecomErrors = {
  'transfer.same_person': {
    zh: '接替人不能是原跟进人，也不能重复选择',
    en: 'Nobody can take over from themselves, nor be chosen twice',
  },
  'transfer.not_here': {
    zh: '{userid} 不在职，不能接替客户；请换一位',
    en: '{userid} does not work here and cannot take over; choose another',
  },
  'group.same_name': {
    zh: '已有名为「{name}」的内部群：机器人换了就把新地址换进那个群；确实是另一个群，请改名或选“仍然新建”',
    en: 'There is an internal group called {name} already: put the new address into it, or, if this is another group, choose another name or “register anyway”',
  },
  'group.robot_elsewhere': {
    zh: '这个地址已登记给「{name}」，一个机器人只在一个群里',
    en: 'This address belongs to {name} already; a robot is in one group only',
  },
  'group.internal_tier': {
    zh: '内部群没有成员名单，层级只能手动设',
    en: 'The members of an internal group are not known, so its tier is set by hand',
  },
  'channel.needs_backup': {
    zh: '请至少选一位后备：没人值班、或当班的人都满额时由后备接待',
    en: 'Choose at least one backup, who serves while nobody is on duty or all who are have their number',
  },
  'channel.stranger': {
    zh: '班次里的「{userid}」不在这个活码的接待人员中，请先加入或从班次里去掉',
    en: '{userid} is in a shift but not among the reps of this channel; add or remove them',
  },
  'channel.member': {
    zh: '企业微信不接受成员「{userid}」（{errcode|code}）：请确认其已激活、已实名、在应用可见范围内并开通了客户联系',
    en: 'WeCom does not take the member {userid} ({errcode|code}): check that they are activated, verified, within the app’s range and have customer contact',
  },
  'channel.state': {
    zh: '活码当前是「{status|channelStatus}」，不能这样做，请刷新页面',
    en: 'The channel is {status|channelStatus}; this cannot be done. Reload the page',
  },
  'channel.quota': {
    zh: '企业微信的活码（连同入群活码最多 50 万个）已用完，请先删除不用的活码',
    en: 'WeCom’s contact ways (500,000, with those of groups) are used up; delete codes nobody needs',
  },
  'channel.picture': {
    zh: '暂时取不到二维码图片，请稍后再试',
    en: 'The picture of the QR code cannot be had now; try again later',
  },
  'group.unsure': {
    zh: '不确定企业微信里是否已建好「{name}」，请先在列表里决定：再建一次，还是不要了',
    en: 'Nobody knows whether WeCom has made {name}; decide in the list first: make it once more, or forget it',
  },
  'group.too_many_welcomes': {
    zh: '入群欢迎语最多 {limit} 条，请先删除不用的',
    en: 'There can be {limit} group welcomes at most; delete those you do not use',
  },
  'callback.signature': { zh: '签名不对', en: 'Wrong signature' },
  'callback.stale': { zh: '时间戳超出允许范围', en: 'The timestamp is outside the accepted window' },
  'callback.garbled': { zh: '无法解密或格式不对', en: 'Cannot be decrypted, or malformed' },
  'callback.receiver': { zh: '接收方不是本企业', en: 'Not meant for this corp' },
  'inbox.no_handler': {
    zh: '「{event}」没有处理程序，不用重放',
    en: 'Nothing handles {event}; there is nothing to replay',
  },
  'wecom.refused': { zh: '企业微信返回 {errcode|code}：{hint}', en: 'WeCom answered {errcode|code}: {hint}' },
  'sync.paused': {
    zh: '与企业微信的对账自己停下了（{why}），请在“接入与收件箱”里查看',
    en: 'The comparison with WeCom stopped itself ({why}); see Inbox',
  },
  'wecom.unreachable': { zh: '暂时连不上企业微信，请稍后再试', en: 'WeCom cannot be reached now; try again later' },
} as const satisfies Record<string, Bilingual>
