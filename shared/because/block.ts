import type { Bilingual } from '../text.ts'

/** Why a send was held back, sent, or ended as it did. */
export const sendBecause = {
  'block.quiet_hours': { zh: '{from}–{to} 不打扰，等到 {until}', en: 'Quiet hours {from}–{to}, waits until {until}' },
  'block.cap_day': {
    zh: '今天已收到 {count} 条（每人每天上限 {limit}）',
    en: '{count} message(s) today (cap {limit} per person)',
  },
  'block.cap_week': {
    zh: '近 7 天已收到 {count} 条（上限 {limit}）',
    en: '{count} message(s) in 7 days (cap {limit})',
  },
  'block.cap_month': {
    zh: '近 30 天已收到 {count} 条（上限 {limit}）',
    en: '{count} message(s) in 30 days (cap {limit})',
  },
  'block.platform_quota': {
    zh: '企业微信群发额度已被我们的群发用完（上限 {limit} 条）',
    en: 'Our own mass messages used up WeCom’s quota ({limit})',
  },
  'block.quota_manual': {
    zh: '群发额度（{period|quota_period} {limit} 条）已用：{rep} 于 {at|moment} 手动群发',
    en: 'WeCom’s quota ({limit} {period|quota_period}) is used: {rep} sent a mass message by hand on {at|moment}',
  },
  'block.quota_corp': {
    zh: '群发额度（{period|quota_period} {limit} 条）已用：{rep} 于 {at|moment} 发出管理后台的群发',
    en: 'WeCom’s quota ({limit} {period|quota_period}) is used: {rep} sent a mass message of the admin console on {at|moment}',
  },
  'block.quota_told': {
    zh: '群发额度已用：企业微信在 {at|moment} 的结果里这样说',
    en: 'WeCom’s quota is used: its result of {at|moment} says so',
  },
  'block.days': {
    zh: '只在{days|send_days}发，等到 {until|moment}',
    en: 'Goes out on {days|send_days} only, waits until {until|moment}',
  },
  'block.no_day': { zh: '没有这样的日子可以发', en: 'No such day comes on which it may go out' },
  'block.cap_channel_day': {
    zh: '{channel|channel}今天已 {count} 条（上限 {limit}）',
    en: '{count} today by {channel|channel} (cap {limit})',
  },
  'block.cap_channel_week': {
    zh: '{channel|channel}近 7 天已 {count} 条（上限 {limit}）',
    en: '{count} in 7 days by {channel|channel} (cap {limit})',
  },
  'block.cap_channel_month': {
    zh: '{channel|channel}近 30 天已 {count} 条（上限 {limit}）',
    en: '{count} in 30 days by {channel|channel} (cap {limit})',
  },
  'block.lost_priority': {
    zh: '让位给「{winner}」：它的优先级 {theirs} 高于 {own}',
    en: 'Made way for “{winner}”: its priority {theirs} is above {own}',
  },
  'block.lost_value': {
    zh: '让位给「{winner}」：优先级相同，它的预期价值 {theirs|money} 高于 {own|money}',
    en: 'Made way for “{winner}”: same priority, its expected value {theirs|money} is above {own|money}',
  },
  'block.lost_earlier': { zh: '让位给「{winner}」：它先到', en: 'Made way for “{winner}”: it came first' },
  'block.waits_room': { zh: '等到 {until|moment} 再发', en: 'Waits until {until|moment}' },
  'block.no_room_in_time': {
    zh: '在过期前（{expires|moment}）不会再有额度',
    en: 'There is no room before it expires ({expires|moment})',
  },
  'block.lost_fallback': { zh: '改用别的方式联系客户', en: 'The customer is reached another way' },
  'block.lost_drop': { zh: '按设置放弃', en: 'Dropped, as set' },
  'send.along': { zh: '与「{winner}」合并成一条发出', en: 'Goes along in the message of “{winner}”' },
  'send.carries': { zh: '把「{what}」合并在同一条里', en: 'Carries “{what}” in the same message' },
  'send.alone_again': {
    zh: '同行的那条没有送达，改为单独发送',
    en: 'The message it went along in did not arrive, so it goes by itself',
  },
  'send.lost_task': {
    zh: '群发额度给了别的消息，已转为 {rep} 的手写任务',
    en: 'The quota went to another message; now a task for {rep} to write by hand',
  },
  'block.consent': { zh: '客户未同意或已撤回营销消息', en: 'No consent to marketing messages, or withdrawn' },
  'block.sharing': {
    zh: '没有同意对外提供，没有交给其他系统',
    en: 'No consent to sharing outside: not handed to the other system',
  },
  'block.profiling': {
    zh: '没有同意画像分析，没有写标签和属性',
    en: 'No consent to profiling: no tag put on, no attribute written',
  },
  'block.opt_out': { zh: '客户已要求不再收到消息', en: 'The customer asked for no more messages' },
  'block.global_holdout': {
    zh: '全局对照：这一季不收任何规则和群发',
    en: 'Global holdout: no rule and no broadcast reaches them this season',
  },
  'block.holdout': { zh: '对照组，刻意不触达', en: 'Holdout, left alone on purpose' },
  'block.no_rep': { zh: '没有可用的跟进顾问', en: 'No rep follows this customer' },
  'block.no_owner': { zh: '这个群没有可用的群主', en: 'The group has no owner who can send' },
  'block.content_expired': {
    zh: '内容「{content}」已于 {at|moment} 到期',
    en: 'The content {content} expired {at|moment}',
  },
  'block.content_unapproved': {
    zh: '内容「{content}」的第 {version} 版还没有人审批',
    en: 'Nobody has approved version {version} of the content {content}',
  },
  'block.coupon_none': { zh: '券码「{batch}」已发完', en: 'No codes of {batch} are left' },
  'block.coupon_expired': { zh: '券码「{batch}」已于 {at|moment} 到期', en: 'The coupon {batch} expired {at|moment}' },
  'block.no_variant': { zh: '内容没有 {tier} 层的版本', en: 'The content has no variant for tier {tier}' },
  'block.welcome_expired': { zh: '欢迎语 20 秒有效期已过', en: 'The welcome code lived 20 s and is over' },
  'block.welcome_taken': { zh: '欢迎语已被使用或会话已开始', en: 'The welcome code was used or the chat had begun' },
  'block.no_welcome_code': {
    zh: '企业微信没有给欢迎语凭证（后台可能设置了欢迎语）',
    en: 'WeCom gave no welcome code (a welcome may be set in its admin console)',
  },
  'block.welcome_by_hand': {
    zh: '欢迎语没有自动发出，文字已备好，请手动发送',
    en: 'The welcome did not go out by itself; the text is ready to send by hand',
  },
  'block.expired': { zh: '超过时限仍未发出', en: 'Not sent within its time limit' },
  'block.rule_off': { zh: '规则已停用', en: 'The rule was switched off' },
  'block.plan_paused': { zh: '内容计划已暂停', en: 'The content plan was paused' },
  'block.plan_removed': { zh: '内容计划已删除', en: 'The content plan was deleted' },
  'block.run_ended': { zh: '客户已离开规则', en: 'The customer left the rule' },
  'send.sent': { zh: '企业微信已受理', en: 'WeCom took it' },
  'send.awaiting_rep': { zh: '等待 {rep} 在企业微信确认', en: 'Waiting for {rep} to confirm in WeCom' },
  'send.delivered': { zh: '{rep} 已确认，客户已收到', en: '{rep} confirmed, the customer received it' },
  'send.not_friend': { zh: '已不是好友，未送达', en: 'Not a friend any more, not delivered' },
  'send.cancelled': { zh: '已撤回，没有发出', en: 'Taken back, not sent' },
  'send.withdrawn_shared': {
    zh: '同一条群发还有别的客户，不能单独撤回',
    en: 'Others wait in the same mass message, so it cannot be taken back for one',
  },
  'send.again_without': {
    zh: '群发里有客户撤回了同意，已停止，去掉 TA 后重新发出',
    en: 'Somebody in the mass message withdrew consent: it was stopped and goes out again without them',
  },
  'send.not_sent': {
    zh: '{rep} 已确认，但企业微信没有发给 TA',
    en: '{rep} confirmed, but WeCom did not send it to them',
  },
  'send.forgotten': { zh: '企业微信已查不到这条群发', en: 'WeCom does not know this mass message any more' },
  'send.reminded': { zh: '已提醒 {rep}（第 {count} 次）', en: '{rep} was reminded ({count})' },
  'send.fallback_rep': {
    zh: '{from} 一直没有确认，改由 {rep} 发送',
    en: '{from} never confirmed, so {rep} is asked',
  },
  'send.fallback_task': {
    zh: '{rep} 一直没有确认，已转为手写任务',
    en: '{rep} never confirmed; now a task to write by hand',
  },
  'send.sender_brought': { zh: '{rep} 带来了这位客户', en: '{rep} brought this customer in' },
  'send.sender_last_talk': { zh: '{rep} 最近和客户聊过', en: '{rep} talked with them last' },
  'send.sender_longest': { zh: '{rep} 跟进最久', en: '{rep} holds them longest' },
  'send.sender_newest': { zh: '{rep} 最近添加了客户', en: '{rep} added them last' },
  'send.sender_among': { zh: '从所选顾问中选了 {rep}', en: '{rep} is among the reps chosen' },
  'block.spam': {
    zh: '企业微信内容审核没有通过，同样的内容不再发',
    en: 'WeCom’s content check refused these words, so they do not go out any more',
  },
  'block.broadcast_cancelled': { zh: '群发被 {by|actor} 取消', en: '{by|actor} cancelled the mass message' },
  'block.message_cancelled': { zh: '{by|actor} 撤回了这条群发', en: '{by|actor} took the mass message back' },
  'send.quota_used': { zh: '客户的群发额度被另一条用掉', en: 'Another mass message used the customer’s quota' },
  'send.unreachable': { zh: '企业微信认为无法送达', en: 'WeCom says they cannot be reached' },
  'send.never_confirmed': { zh: '{rep} 一直没有确认', en: '{rep} never confirmed' },
  'send.unsure_found': {
    zh: '应答丢失，查到企业微信已受理',
    en: 'The answer was lost; WeCom’s list shows it was accepted',
  },
  'send.unsure_absent': {
    zh: '应答丢失，查到企业微信没有受理，重新发送',
    en: 'The answer was lost; WeCom’s list shows nothing, sent again',
  },
  'send.unsure_robot': {
    zh: '应答丢失，群机器人无法核对，按默认不重发',
    en: 'The answer was lost; a robot has no list to check, so it is not repeated',
  },
  'send.without_media': {
    zh: '附件「{name}」没有及时准备好，其余内容已发出',
    en: 'The attachment {name} was not ready in time; the rest was sent',
  },
  'send.media_waiting': { zh: '附件「{name}」还在传到企业微信', en: 'The attachment {name} is on its way to WeCom' },
  'send.media_gone': { zh: '附件「{name}」已不在素材库', en: 'The attachment {name} is no longer in the library' },
  'send.media_refused': {
    zh: '企业微信不接受附件「{name}」：{errcode|code} {hint}',
    en: 'WeCom does not take the attachment {name}: {errcode|code} {hint}',
  },
  'send.erased': { zh: '这位客户的个人信息已按要求删除', en: 'This customer’s data was erased on request' },
  'send.refused': { zh: '企业微信拒绝：{errcode|code} {hint}', en: 'Refused by WeCom: {errcode|code} {hint}' },
} as const satisfies Record<string, Bilingual>
