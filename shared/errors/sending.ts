import type { Bilingual } from '../text.ts'

/** Rules, contents, files and what is sent. */
export const sendingErrors = {
  'plan.past': {
    zh: '第 {line} 行的 {at|moment} 已经过去，请改到以后',
    en: 'Line {line}: {at|moment} has passed; choose a later time',
  },
  'plan.never': {
    zh: '第 {line} 行在结束日之前一次也轮不到，请检查日期',
    en: 'Line {line} would never go before its last day; check its days',
  },
  'rule.not_ready': { zh: '还不能启用：{problem}', en: 'Cannot be switched on yet: {problem}' },
  'rule.not_by_hand': {
    zh: '「{name}」不是手动加入的规则，请让主管来加',
    en: 'Customers do not come into {name} by hand; ask a manager',
  },
  'rule.not_approved': {
    zh: '这个版本还没有经第二个人批准，请先送审',
    en: 'Nobody else has approved this version; send it for approval first',
  },
  'rule.own_approval': {
    zh: '写规则或送审的人不能自己批准，请换一位同事',
    en: 'Whoever wrote it or asked cannot approve it; ask a colleague',
  },
  'rule.not_asked': { zh: '这个版本没有在等批准', en: 'This version does not wait for approval' },
  'rule.not_valid': {
    zh: '「{name}」现在不在有效期内，不能加人',
    en: '{name} is outside its valid period and takes nobody in',
  },
  'rule.state': { zh: '规则当前是「{status|rule}」，不能这样做', en: 'The rule is {status|rule}; this cannot be done' },
  'content.template': {
    zh: '模板写法有误（第 {line} 行）：{problem}',
    en: 'The template is wrong (line {line}): {problem}',
  },
  'content.variable': {
    zh: '第 {line} 行用了不存在的变量「{path}」，请从“插入变量”里选一个',
    en: 'Line {line} names {path}, which is no variable; choose one of those under Insert',
  },
  'content.sensitive': {
    zh: '第 {line} 行的「{path}」是敏感信息，不能写进消息，请删掉',
    en: '{path} in line {line} is sensitive and cannot be written into a message; take it out',
  },
  'content.fallback': {
    zh: '第 {line} 行的「{path}」可能没有值，请写上备用词，例如 {{ {path} | default: "您那边" }}',
    en: '{path} in line {line} may be unknown; give it a fallback, such as {{ {path} | default: "there" }}',
  },
  'content.coupon': {
    zh: '正文用了券码，请选择从哪一批券码里发',
    en: 'The text names a coupon; choose the batch its codes come from',
  },
  'content.own_approval': {
    zh: '不能审批自己写的版本，请另一位主管来审批',
    en: 'Nobody approves their own version; ask another manager',
  },
  'content.not_sendable': {
    zh: '「{name}」已到期或还没有审批，现在不能发；请换一个',
    en: '{name} has expired or awaits approval and cannot be sent now; choose another',
  },
  'playbook.coupon_over': {
    zh: '券码「{name}」已到期：换一批，或先在「内容 › 券码」里延长有效期',
    en: 'The coupon batch {name} has expired: choose another, or extend it under Contents › Coupons',
  },
  'content.no_coupon': {
    zh: '「{name}」的券码已发完或已到期，请主管补充券码',
    en: 'No valid coupon codes are left for {name}; ask a manager to add some',
  },
  'content.kind': {
    zh: '「{name}」是{is|media}，这里要用{needs|media}，请换一个素材',
    en: '{name} is of the kind {is|media}; {needs|media} is needed here, choose another',
  },
  'content.in_use': { zh: '规则「{rule}」正在使用这份内容', en: 'The rule {rule} uses this content' },
  'media.empty': { zh: '文件是空的，请重新选择', en: 'The file is empty; choose another' },
  'media.size': {
    zh: '{kind|media}最大 {limit}，这个文件有 {size}，请压缩后再上传',
    en: '{kind|media}: at most {limit}; this one has {size}. Make it smaller and upload again',
  },
  'media.format': {
    zh: '{kind|media}只支持 {formats}，这个文件的内容不是这种格式',
    en: '{kind|media}: only {formats}; the content of this file is of another format',
  },
  'media.long': {
    zh: '语音最长 {limit} 秒，这段有 {seconds} 秒，请剪短后再上传',
    en: 'Voice: at most {limit} s; this one has {seconds} s. Cut it and upload again',
  },
  'media.not_ready': {
    zh: '「{name}」暂时没能传到企业微信，稍后会自动再试',
    en: '{name} could not be put into WeCom now; it is tried again by itself',
  },
  'media.in_use': { zh: '内容「{content}」正在使用这个文件', en: 'The content {content} uses this file' },
  'mass.not_waiting': {
    zh: '这条群发已经确认或结束，刷新页面看结果',
    en: 'This mass message is confirmed or over; reload to see its result',
  },
  'mass.remind_limit': {
    zh: '企业微信 24 小时内最多提醒 3 次，{at|moment} 后可以再提醒',
    en: 'WeCom takes 3 reminders in 24 hours; the next one after {at|moment}',
  },
  'send.recall': {
    zh: '只有 24 小时内发给成员的应用消息可以撤回',
    en: 'Only app messages to members of the last 24 h can be taken back',
  },
} as const satisfies Record<string, Bilingual>
