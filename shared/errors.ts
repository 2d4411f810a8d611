import { z } from 'zod'
import { fill, type Bilingual, type Lang, type Params } from './text.ts'

/** Every error a person or a script can get from the product: what is wrong and what to do, in both languages. */
export const errorTexts = {
  'request.invalid': { zh: '填写有误：{field} {problem}', en: 'Not valid: {field} {problem}' },
  'request.too_large': { zh: '内容太大，最多 {limit}', en: 'Too large; at most {limit}' },
  'request.not_json': { zh: '请求体不是合法的 JSON', en: 'The body is not valid JSON' },
  'request.too_many': { zh: '请求太频繁，请 {seconds} 秒后再试', en: 'Too many requests; try again in {seconds} s' },
  'session.missing': { zh: '请先登录', en: 'Sign in first' },
  'session.expired': { zh: '登录已过期，请重新登录', en: 'The session is over; sign in again' },
  'session.oauth_failed': {
    zh: '企业微信登录没有成功（{errcode|code}），请重新打开页面',
    en: 'WeCom sign-in failed ({errcode|code}); open the page again',
  },
  'session.not_member': {
    zh: '你不在本企业的通讯录或应用可见范围内，请联系管理员',
    en: 'You are not a member in the app’s range; ask an administrator',
  },
  'session.bad_key': { zh: '密钥不对，请检查 {key}', en: 'Wrong key; check {key}' },
  'policy.forbidden': { zh: '没有权限：需要{role|role}', en: 'Not allowed: needs {role|role}' },
  'policy.not_your_customer': { zh: '你没有跟进这位客户', en: 'You do not follow this customer' },
  not_found: { zh: '找不到{what}（{id}），可能已被删除', en: 'No {what} with id {id}; it may have been deleted' },
  'conflict.changed': { zh: '别人刚刚改过，请刷新后再试', en: 'Somebody changed it meanwhile; reload and try again' },
  'conflict.exists': { zh: '「{name}」已存在', en: '{name} exists already' },
  'rule.not_ready': { zh: '还不能启用：{problem}', en: 'Cannot be switched on yet: {problem}' },
  'rule.state': { zh: '规则当前是「{status|rule}」，不能这样做', en: 'The rule is {status|rule}; this cannot be done' },
  'content.template': {
    zh: '模板写法有误（第 {line} 行）：{problem}',
    en: 'The template is wrong (line {line}): {problem}',
  },
  'content.in_use': { zh: '规则「{rule}」正在使用这份内容', en: 'The rule {rule} uses this content' },
  'callback.signature': { zh: '签名不对', en: 'Wrong signature' },
  'callback.stale': { zh: '时间戳超出允许范围', en: 'The timestamp is outside the accepted window' },
  'callback.garbled': { zh: '无法解密或格式不对', en: 'Cannot be decrypted, or malformed' },
  'callback.receiver': { zh: '接收方不是本企业', en: 'Not meant for this corp' },
  'inbox.no_handler': {
    zh: '「{event}」没有处理程序，不用重放',
    en: 'Nothing handles {event}; there is nothing to replay',
  },
  'wecom.refused': { zh: '企业微信返回 {errcode|code}：{hint}', en: 'WeCom answered {errcode|code}: {hint}' },
  'wecom.unreachable': { zh: '暂时连不上企业微信，请稍后再试', en: 'WeCom cannot be reached now; try again later' },
  'storage.unavailable': {
    zh: '存储暂时不可用，稍后会自动恢复',
    en: 'Storage is unavailable now; it will recover by itself',
  },
  internal: { zh: '出错了，已记录（编号 {requestId}）', en: 'Something went wrong and was recorded (id {requestId})' },
} as const satisfies Record<string, Bilingual>

export type ErrorCode = keyof typeof errorTexts

export const sayError = (code: ErrorCode, params: Params, lang: Lang): string => fill(errorTexts[code], params, lang)

/** The body of every failed answer. `fields` names each wrong input for a form. */
export const ErrorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    requestId: z.string(),
    fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  }),
})
export type ErrorBody = z.infer<typeof ErrorBody>
