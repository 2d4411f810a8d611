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
  'contact.not_held': {
    zh: '{userid} 已不再跟进这位客户，企业微信里改不了备注；已重新读取，请刷新',
    en: '{userid} does not hold this customer any more, so WeCom keeps no notes; read again, please reload',
  },
  'contact.company_of_wechat': {
    zh: '只有微信客户可以备注公司，企业微信客户的公司由对方企业提供',
    en: 'A company can be noted of WeChat users only; WeCom users bring their own',
  },
  'transfer.same_person': {
    zh: '接替人不能是原跟进人，也不能重复选择',
    en: 'Nobody can take over from themselves, nor be chosen twice',
  },
  'transfer.not_here': {
    zh: '{userid} 不在职，不能接替客户；请换一位',
    en: '{userid} does not work here and cannot take over; choose another',
  },
  not_found: {
    zh: '找不到{what|subject}（{id}），可能已被删除',
    en: 'No {what|subject} with id {id}; it may have been deleted',
  },
  'conflict.changed': { zh: '别人刚刚改过，请刷新后再试', en: 'Somebody changed it meanwhile; reload and try again' },
  'conflict.exists': { zh: '「{name}」已存在', en: '{name} exists already' },
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
  'plan.past': {
    zh: '第 {line} 行的 {at|moment} 已经过去，请改到以后',
    en: 'Line {line}: {at|moment} has passed; choose a later time',
  },
  'plan.never': {
    zh: '第 {line} 行在结束日之前一次也轮不到，请检查日期',
    en: 'Line {line} would never go before its last day; check its days',
  },
  'merge.same': {
    zh: '这两位已经是同一位客户，刷新页面可见',
    en: 'These two are one customer already; reload the page',
  },
  'merge.two_in_wecom': {
    zh: '两位都是企业微信外部联系人，企业微信把他们当作两个人，不能合并；如果确实不是同一个人，请选“不是同一人”',
    en: 'Both are WeCom contacts, two people to WeCom, and cannot be merged; if they are two people, say “different people”',
  },
  'merge.keep_wecom': {
    zh: '请保留企业微信里的那一位：外部联系人不能并入别的客户',
    en: 'Keep the one who is a WeCom contact; a WeCom contact cannot become part of another customer',
  },
  'merge.state': {
    zh: '这次合并现在是“{state|mergeState}”，不能拆分；正在进行的请稍等几秒再试',
    en: 'This merge is {state|mergeState} and cannot be split now; if it is under way, try again in a few seconds',
  },
  'rule.not_ready': { zh: '还不能启用：{problem}', en: 'Cannot be switched on yet: {problem}' },
  'rule.not_by_hand': {
    zh: '「{name}」不是手动加入的规则，请让主管来加',
    en: 'Customers do not come into {name} by hand; ask a manager',
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
  'content.no_coupon': {
    zh: '「{name}」的券码已发完或已到期，请主管补充券码',
    en: 'No valid coupon codes are left for {name}; ask a manager to add some',
  },
  'content.kind': {
    zh: '「{name}」是{is|media}，这里要用{needs|media}，请换一个素材',
    en: '{name} is of the kind {is|media}; {needs|media} is needed here, choose another',
  },
  'segment.circle': {
    zh: '不能保存：人群之间互相引用，谁也算不出来（{names}）。请去掉其中一处引用',
    en: 'Cannot be saved: these ask for each other and none could be worked out ({names}). Take one of them out',
  },
  'segment.unknown': {
    zh: '条件里的人群「{name}」不存在或已停用，请换一个',
    en: 'The segment {name} in the condition does not exist or is switched off; choose another',
  },
  'segment.in_use': {
    zh: '「{name}」还有地方在用：{uses}。请先在那里去掉它',
    en: '{name} is in use: {uses}. Take it out there first',
  },
  'segment.kind': {
    zh: '「{name}」不是这一类人群：按条件的人群自动进出，名单靠人放入和移出',
    en: '{name} is of the other kind: segments with a condition fill by themselves, lists by hand',
  },
  'segment.filling': {
    zh: '这个名单正在填充，请等它完成再试',
    en: 'This list is being filled; try again when that is done',
  },
  'segment.reason': {
    zh: '导出不打码的文件要写明原因',
    en: 'To export in the clear, say why',
  },
  'segment.export_state': {
    zh: '这份文件现在不能下载（{state|segment_export}），请刷新或重新导出',
    en: 'This file cannot be had now ({state|segment_export}); reload or export again',
  },
  'scheme.level_twice': {
    zh: '层级的键和名称都不能重复：{name}',
    en: 'Levels need keys and names of their own; this one is there twice: {name}',
  },
  'scheme.limits_rise': {
    zh: '「{measure|tier_measure}」的 {count} 个界限要一个比一个大',
    en: 'The {count} limits of {measure|tier_measure} must rise one after the other',
  },
  'scheme.limits_fall': {
    zh: '从好到次，各层级的界限要一个比一个小，且大于 0',
    en: 'From the best level down, limits must fall one after the other and be above 0',
  },
  'scheme.limit_count': {
    zh: '{levels} 个层级之间要有 {want} 个界限，现在是 {have} 个',
    en: '{levels} levels need {want} limits between them; there are {have}',
  },
  'scheme.beyond_window': {
    zh: 'R 的界限（{days} 天）超过了统计期（{window} 天），永远用不上',
    en: 'A limit of recency ({days} days) lies beyond the window ({window} days) and would never count',
  },
  'scheme.shares': {
    zh: '要填 {want} 个累计占比，从好到次一个比一个大，在 0 和 100% 之间',
    en: 'Give {want} cumulative share(s), rising from the best level down, between 0 and 100 %',
  },
  'scheme.level_unknown': {
    zh: '层级「{level}」不在这个方案里，请重新选择',
    en: 'There is no level {level} in this scheme; choose another',
  },
  'scheme.level_unused': {
    zh: '没有任何情况会落到层级「{level}」：给它一个条件，或删掉它',
    en: 'Nothing leads to the level {level}: give it a condition or take it out',
  },
  'scheme.asks_unknown': {
    zh: '条件里的「{name}」不存在或已停用，请换一个',
    en: '{name} in a condition does not exist or is switched off; choose another',
  },
  'scheme.circle': {
    zh: '不能保存：互相引用，谁也算不出来（{names}）。请去掉其中一处引用',
    en: 'Cannot be saved: these ask for each other and none could be worked out ({names}). Take one of them out',
  },
  'scheme.in_use': {
    zh: '「{name}」的层级还有地方在用：{uses}。请先在那里去掉',
    en: 'Levels of {name} are in use: {uses}. Take them out there first',
  },
  'scheme.primary': {
    zh: '「{name}」是主方案，不能删除：先把别的方案设为主方案',
    en: '{name} is the primary scheme and cannot be deleted; make another one primary first',
  },
  'scheme.too_many': {
    zh: '最多 {limit} 个分层方案，请先删掉不用的',
    en: 'At most {limit} tier schemes; delete one nobody uses first',
  },
  'trial.state': {
    zh: '这次复盘现在是「{state|trial}」，不能这样做；请刷新',
    en: 'This review is {state|trial}; this cannot be done now, please reload',
  },
  'trial.nothing': { zh: '这次复盘没有建议可采用', en: 'This review proposes nothing' },
  'content.in_use': { zh: '规则「{rule}」正在使用这份内容', en: 'The rule {rule} uses this content' },
  'tag_rule.no_tag': {
    zh: '这条规则的标签已被删除，请换一个标签',
    en: 'The tag of this rule was deleted; choose another',
  },
  'tag_rule.circle': {
    zh: '这些互相依赖，谁也算不出来：{names}；请去掉其中一处',
    en: 'These depend on each other, so none can be worked out: {names}; take one of them out',
  },
  'tag_rule.unknown': {
    zh: '条件里的「{name}」已不存在，请改掉它',
    en: 'The condition asks for {name}, which is not there any more; change it',
  },
  'attribute.reserved': {
    zh: '「{key}」是系统保留的键，请换一个',
    en: '{key} is reserved by the product; choose another key',
  },
  'attribute.type': {
    zh: '这样计算出来的是{type|attribute_type}，请把类型改成它',
    en: 'What is computed like this is of the type {type|attribute_type}; choose that type',
  },
  'attribute.choices': { zh: '单选属性至少要有一个可选值', en: 'A choice needs at least one value to choose' },
  'attribute.not_stated': {
    zh: '「{name}」由系统算出，不能标为敏感；请选「个人」',
    en: '{name} is worked out, so it cannot be marked as sensitive; choose personal',
  },
  'attribute.property': {
    zh: '「{event|fact}」没有「{name}」可算，请从这些里选：{names}',
    en: '{event|fact} has no {name} to work with; choose one of: {names}',
  },
  'attribute.masked': {
    zh: '这是打码后的值，不能保存；请重新填写完整的值',
    en: 'This is the masked value and cannot be saved; write the whole value anew',
  },
  'attribute.built_in': {
    zh: '「{name}」是内置属性，不能删除，可以改名或改敏感级别',
    en: '{name} is built in and cannot be removed; its name and sensitivity may be changed',
  },
  'attribute.in_use': {
    zh: '「{by}」正在用属性「{name}」，请先改掉那里',
    en: '{by} asks for the attribute {name}; change that first',
  },
  'attribute.not_editable': {
    zh: '「{name}」来自实际发生的事，不能手工改',
    en: '{name} comes from what happened and cannot be changed by hand',
  },
  'attribute.value': {
    zh: '「{name}」要填{type|attribute_type}，请改后再保存',
    en: '{name} takes a value of the type {type|attribute_type}; change it and save again',
  },
  'attribute.choice': {
    zh: '「{name}」只能选：{choices}',
    en: '{name} is one of: {choices}',
  },
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
  'import.empty': {
    zh: '文件里没有数据：第一行要是列名，下面至少一行数据',
    en: 'The file has no data: the first line names the columns, at least one row stands below',
  },
  'import.columns': { zh: '列太多（{found}），最多 {limit} 列', en: 'Too many columns ({found}); at most {limit}' },
  'import.spreadsheet': {
    zh: '这是表格文件，不是 CSV：请在 Excel/WPS 里“另存为 → CSV UTF-8”后再上传',
    en: 'This is a spreadsheet, not CSV: save it as “CSV UTF-8” and upload that',
  },
  'import.encoding': {
    zh: '认不出文件的编码：请另存为 CSV UTF-8 后再上传',
    en: 'The encoding is neither UTF-8 nor GB18030: save the file as “CSV UTF-8” and upload that',
  },
  'import.size': {
    zh: '收到的字节比声明的多（声明 {size}）：请重新上传',
    en: 'More bytes came than announced ({size}); upload again',
  },
  'import.at': { zh: '已收到 {received} 字节，请从那里继续', en: '{received} bytes have arrived; go on from there' },
  'import.state': {
    zh: '导入当前是「{state|importState}」，不能这样做',
    en: 'The import is {state|importState}; this cannot be done',
  },
  'import.mapping': {
    zh: '列的对应还不完整：{fault|importFault}',
    en: 'The mapping is not complete: {fault|importFault}',
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
  'mass.not_waiting': {
    zh: '这条群发已经确认或结束，刷新页面看结果',
    en: 'This mass message is confirmed or over; reload to see its result',
  },
  'mass.remind_limit': {
    zh: '企业微信 24 小时内最多提醒 3 次，{at|moment} 后可以再提醒',
    en: 'WeCom takes 3 reminders in 24 hours; the next one after {at|moment}',
  },
  'group.unsure': {
    zh: '不确定企业微信里是否已建好「{name}」，请先在列表里决定：再建一次，还是不要了',
    en: 'Nobody knows whether WeCom has made {name}; decide in the list first: make it once more, or forget it',
  },
  'group.too_many_welcomes': {
    zh: '入群欢迎语最多 {limit} 条，请先删除不用的',
    en: 'There can be {limit} group welcomes at most; delete those you do not use',
  },
  'send.recall': {
    zh: '只有 24 小时内发给成员的应用消息可以撤回',
    en: 'Only app messages to members of the last 24 h can be taken back',
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
  'storage.unavailable': {
    zh: '存储暂时不可用，稍后会自动恢复',
    en: 'Storage is unavailable now; it will recover by itself',
  },
  'server.starting': {
    zh: '服务正在启动，升级后的第一次启动要整理已有数据，请稍后再试',
    en: 'The server is starting; the first start of a new version puts what is kept in order. Try again in a moment',
  },
  'privacy.expired': {
    zh: '这份个人信息副本已过期或还没有做好，请重新申请',
    en: 'This copy has expired or is not ready; ask for another',
  },
  'privacy.under_way': { zh: '这位客户的删除已在进行中', en: 'This customer is being erased already' },
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
