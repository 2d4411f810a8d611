import type { Bilingual } from '../text.ts'

/** Requests, sessions and what somebody may do. */
export const requestErrors = {
  'request.invalid': { zh: '填写有误：{field} {problem}', en: 'Not valid: {field} {problem}' },
  'request.too_large': { zh: '内容太大，最多 {limit}', en: 'Too large; at most {limit}' },
  'request.not_json': { zh: '请求体不是合法的 JSON', en: 'The body is not valid JSON' },
  'request.too_many': { zh: '请求太频繁，请 {seconds} 秒后再试', en: 'Too many requests; try again in {seconds} s' },
  'session.missing': { zh: '请先登录', en: 'Sign in first' },
  'session.expired': { zh: '登录已过期，请重新登录', en: 'The session is over; sign in again' },
  'session.oauth_failed': {
    zh: '企业微信登录没有成功（{errcode|code}），请重新登录',
    en: 'WeCom sign-in failed ({errcode|code}); sign in again',
  },
  'session.code_used': {
    zh: '这次登录的授权码已经用过，请重新登录',
    en: 'This sign-in has been used already; sign in again',
  },
  'session.code_expired': {
    zh: '这次登录的授权码已过期（5 分钟），请重新登录',
    en: 'This sign-in is over (5 minutes); sign in again',
  },
  'session.state': {
    zh: '登录要在 10 分钟内、在同一个浏览器里完成，请重新登录',
    en: 'Signing in must be finished in the same browser within 10 minutes; sign in again',
  },
  'session.not_member': {
    zh: '你不是本企业通讯录里的成员，请联系管理员把你加进企业',
    en: 'You are not a member of this company; ask an administrator to add you',
  },
  'session.out_of_range': {
    zh: '你不在应用的可见范围内，请管理员在企业微信管理后台「应用管理 → 应用 → 可见范围」里加上你',
    en: 'You are outside the app’s visible range; an administrator can add you in WeCom’s admin console under 应用管理 → the app → 可见范围',
  },
  'session.disabled': {
    zh: '你的企业微信账号已被禁用或退出企业，请联系管理员',
    en: 'Your WeCom account is disabled or has left the company; ask an administrator',
  },
  'session.barred': {
    zh: '管理员关闭了你的登录权限，请联系管理员',
    en: 'An administrator has shut your access; ask them',
  },
  'session.bad_key': { zh: '密钥不对，请检查 {key}', en: 'Wrong key; check {key}' },
  'policy.forbidden': { zh: '没有权限：需要{role|role}', en: 'Not allowed: needs {role|role}' },
  'policy.not_your_customer': { zh: '你没有跟进这位客户', en: 'You do not follow this customer' },
  not_found: {
    zh: '找不到{what|subject}（{id}），可能已被删除',
    en: 'No {what|subject} with id {id}; it may have been deleted',
  },
  'conflict.changed': { zh: '别人刚刚改过，请刷新后再试', en: 'Somebody changed it meanwhile; reload and try again' },
  'conflict.exists': { zh: '「{name}」已存在', en: '{name} exists already' },
  'storage.unavailable': {
    zh: '存储暂时不可用，稍后会自动恢复',
    en: 'Storage is unavailable now; it will recover by itself',
  },
  'server.starting': {
    zh: '服务正在启动，升级后的第一次启动要整理已有数据，请稍后再试',
    en: 'The server is starting; the first start of a new version puts what is kept in order. Try again in a moment',
  },
  internal: { zh: '出错了，已记录（编号 {requestId}）', en: 'Something went wrong and was recorded (id {requestId})' },
} as const satisfies Record<string, Bilingual>
