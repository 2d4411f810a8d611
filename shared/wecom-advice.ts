import type { Bilingual } from './text.ts'

/** The way to our app in WeCom's admin console (管理后台). */
const app = { zh: '管理后台 → 应用管理 → 本应用', en: 'admin console → 应用管理 (apps) → this app' }
const contact = { zh: '管理后台 → 客户联系', en: 'admin console → 客户联系 (customer contact)' }

/**
 * What a person must do about an errcode that says that a setting, a right or a quota is at fault, in the words of WeCom's admin console.
 * `{ip}`: the calling address WeCom names.
 */
export const wecomAdvice = {
  40001: {
    zh: `Secret 不对：到${app.zh}重新查看 Secret，填进 WECOM_AGENT_SECRET 或 WECOM_CONTACT_SECRET，再重启服务`,
    en: `Wrong secret: look the Secret up in ${app.en}, put it into WECOM_AGENT_SECRET or WECOM_CONTACT_SECRET, and restart`,
  },
  40013: {
    zh: 'CorpID 不对：到管理后台 → 我的企业 → 企业信息，把最下面的企业 ID 填进 WECOM_CORP_ID',
    en: 'Wrong CorpID: copy 企业ID at the bottom of admin console → 我的企业 → 企业信息 into WECOM_CORP_ID',
  },
  301002: {
    zh: `Secret 和 AgentId 不是同一个应用的：到${app.zh}，把同一个应用的 AgentId 和 Secret 填进 WECOM_AGENT_ID、WECOM_AGENT_SECRET`,
    en: `Secret and AgentId belong to different apps: copy both from the same app in ${app.en} into WECOM_AGENT_ID and WECOM_AGENT_SECRET`,
  },
  40056: {
    zh: `AgentId 不对：到${app.zh}查看 AgentId，填进 WECOM_AGENT_ID；它要和 WECOM_AGENT_SECRET 是同一个应用的`,
    en: `Wrong AgentId: look it up in ${app.en} and put it into WECOM_AGENT_ID; it must belong to the same app as WECOM_AGENT_SECRET`,
  },
  40077: {
    zh: '套件（suite）令牌无效：这里只支持企业自建应用，请改用自建应用的 Secret',
    en: 'A suite token: only self-built apps are supported; use the Secret of one',
  },
  40078: {
    zh: '套件（suite）ID 无效：这里只支持企业自建应用，请改用自建应用的 Secret',
    en: 'A suite id: only self-built apps are supported; use the Secret of one',
  },
  40091: {
    zh: `Secret 的种类不对：WECOM_AGENT_SECRET 要用${app.zh}里的 Secret；WECOM_CONTACT_SECRET 要用「客户联系 → 可调用接口的应用」里那个应用的 Secret`,
    en: `The wrong kind of secret: WECOM_AGENT_SECRET is the one in ${app.en}; WECOM_CONTACT_SECRET that of an app listed under 客户联系 → 可调用接口的应用`,
  },
  40093: {
    zh: `JSAPI 签名不被接受：到${app.zh}检查可信域名，并核对 WECOM_CORP_ID、WECOM_AGENT_ID 与 WECOM_AGENT_SECRET 属于同一个应用；服务器时间也要准`,
    en: `The JSAPI signature is refused: check 可信域名 in ${app.en}, that WECOM_CORP_ID, WECOM_AGENT_ID and WECOM_AGENT_SECRET belong together, and the server’s clock`,
  },
  40126: {
    zh: `企业客户标签已到上限：到${contact.zh} → 企业客户标签，删掉不用的标签`,
    en: `The corp has as many customer tags as allowed: delete unused ones under ${contact.en} → 企业客户标签`,
  },
  40143: {
    zh: '这位成员被企业微信限制了客户联系（多半因为客户投诉）：请让成员在企业微信客户端查看处罚说明，恢复前换人发送',
    en: 'WeCom has restricted this member (usually after complaints): have the member read the notice in the client, and let somebody else send until then',
  },
  41001: {
    zh: '请求里没有 access_token，这是程序的问题：请升级知音，或把这条记录报告给维护者',
    en: 'No access_token in the request, which is a fault of the program: update it, or report this record to its maintainers',
  },
  41045: {
    zh: '「联系我」的数量已用完：在渠道活码里删除不用的渠道',
    en: 'The quota of contact ways is used up: delete channels you do not use',
  },
  41055: {
    zh: `入群欢迎语素材已到 100 条：到${contact.zh} → 入群欢迎语，删掉不用的`,
    en: `There are 100 group welcome templates already: delete unused ones under ${contact.en} → 入群欢迎语`,
  },
  41057: {
    zh: `没有绑定微信开发者 ID，拿不到 unionid：到${contact.zh} → API，绑定微信开放平台账号`,
    en: `No developer account bound, so there is no unionid: bind a WeChat open platform account under ${contact.en} → API`,
  },
  41058: {
    zh: '这条入群欢迎语素材是别的应用建的：到建它的应用里修改，或在这里新建一条',
    en: 'This group welcome template belongs to another app: change it there, or make a new one here',
  },
  41095: {
    zh: `获客链接数量已到上限：到${contact.zh} → 获客助手，删掉不用的链接`,
    en: `Too many acquisition links: delete unused ones under ${contact.en} → 获客助手`,
  },
  42007: {
    zh: '套件（suite）临时授权码过期：这里只支持企业自建应用',
    en: 'A suite’s pre-authorisation has expired: only self-built apps are supported',
  },
  42009: {
    zh: '套件（suite）access_token 过期：这里只支持企业自建应用',
    en: 'A suite’s access token has expired: only self-built apps are supported',
  },
  43009: {
    zh: '企业还没有认证：到管理后台 → 我的企业 → 企业信息，完成企业认证',
    en: 'The corp is not verified: finish 企业认证 under admin console → 我的企业 → 企业信息',
  },
  45031: {
    zh: `企业微信认为 Secret 已泄露：到${app.zh}重置 Secret，填进配置后重启服务`,
    en: `WeCom considers the secret unsafe: reset it in ${app.en}, put the new one into the settings, and restart`,
  },
  48001: {
    zh: `应用没有这个接口的授权：到${app.zh} → 权限，勾选对应的权限`,
    en: `The app is not authorised for this API: tick the permission in ${app.en} → 权限`,
  },
  48002: {
    zh: `应用没有客户联系的接口权限：到${contact.zh} → 可调用接口的应用，把本应用加进去`,
    en: `The app may not call customer contact: add it under ${contact.en} → 可调用接口的应用`,
  },
  48004: {
    zh: `授权已失效：到${app.zh} → 权限，重新授权`,
    en: `The authorisation is no longer valid: grant it again in ${app.en} → 权限`,
  },
  48005: {
    zh: '这个接口已经停用：请升级知音到新版本',
    en: 'WeCom has retired this API: update the program',
  },
  48006: {
    zh: `权限因长期未用被收回：到${app.zh} → 权限，重新勾选`,
    en: `The permission was withdrawn since it was unused for long: tick it again in ${app.en} → 权限`,
  },
  48009: {
    zh: '通讯录同步不再允许从新的 IP 调用：请改用自建应用的 Secret，不要用通讯录同步的 Secret',
    en: 'The contacts-sync secret may not be used from a new address: use the Secret of a self-built app instead',
  },
  50001: {
    zh: `跳转的域名不是可信域名：到${app.zh} → 网页授权及 JS-SDK，把 PUBLIC_URL 的域名设为可信域名`,
    en: `The redirect host is not the trusted domain: set the host of PUBLIC_URL as 可信域名 in ${app.en} → 网页授权及JS-SDK`,
  },
  50003: { zh: `应用被停用：到${app.zh}，重新启用`, en: `The app is disabled: enable it in ${app.en}` },
  50006: {
    zh: `系统应用被停用：到管理后台 → 应用管理，启用「客户联系」`,
    en: 'A system app is disabled: enable 客户联系 under admin console → 应用管理',
  },
  60011: {
    zh: `应用看不到这位成员或部门：到${app.zh} → 可见范围，把用知音的成员和部门加进去`,
    en: `The app may not see this member or department: add those who use the product in ${app.en} → 可见范围 (visible range)`,
  },
  60020: {
    zh: `服务器的出口 IP {ip} 不在企业可信IP里：到${app.zh} → 企业可信IP → 配置，加上 {ip}（约一分钟后生效）`,
    en: `The server’s address {ip} is not trusted: add {ip} in ${app.en} → 企业可信IP → 配置 (takes about a minute)`,
  },
  84061: {
    zh: `应用看不到这位成员的客户：到${contact.zh} → 权限配置的使用范围，并到${app.zh} → 可见范围，确认成员都在`,
    en: `The app may not see this member’s customers: check 使用范围 under ${contact.en} and 可见范围 in ${app.en}`,
  },
  84074: {
    zh: `成员没有客户联系功能：到${contact.zh} → 权限配置 → 使用范围，把成员加进去`,
    en: `The member lacks customer contact: add them to 使用范围 under ${contact.en} → 权限配置`,
  },
  85004: {
    zh: '可信域名本月修改次数已到上限：下个月再改，或用现在的域名',
    en: 'The trusted domain was changed too often this month: wait for the next month, or keep the present one',
  },
  85005: {
    zh: `域名归属没有验证：到${app.zh} → 网页授权及 JS-SDK → 可信域名，下载校验文件，在「接入检查」里放好后再验证`,
    en: `The domain is not verified: download the file in ${app.en} → 网页授权及JS-SDK → 可信域名, put it in place under “Setup checks”, then verify`,
  },
  85008: {
    zh: '域名没有 ICP 备案，或备案主体和企业不一致：请完成备案，主体要与企业相同或有关联',
    en: 'The domain’s ICP filing is missing, or its entity is neither the corp nor related to it: complete the filing',
  },
  90206: {
    zh: '小程序没有关联到企业：到管理后台 → 应用管理 → 小程序，关联它',
    en: 'The mini-program is not linked: link it under admin console → 应用管理 → 小程序',
  },
  90207: {
    zh: '小程序的 AppID 不对：检查内容里小程序的 AppID',
    en: 'A wrong mini-program AppID: check it in the content',
  },
  90208: {
    zh: '小程序和应用不匹配：到管理后台 → 应用管理 → 小程序，确认关联的是本企业的小程序',
    en: 'The mini-program does not match the app: check under admin console → 应用管理 → 小程序 that it is linked to this corp',
  },
  90510: {
    zh: '企业一年没有活跃成员，接口被停用：请让成员登录企业微信，再联系企业微信客服恢复',
    en: 'The corp had no active members for a year: have members sign in to WeCom, then ask WeCom’s support',
  },
  93000: {
    zh: '群机器人的地址无效，或机器人已被移出群：在群里重新添加机器人，把新的 Webhook 填到「社群与机器人」',
    en: 'The robot’s address is not valid or it was removed: add a robot to the group again and register its new webhook',
  },
  93004: { zh: '群机器人被停用：在群设置里启用机器人', en: 'The robot is disabled: enable it in the group’s settings' },
  93006: { zh: '群 ID 不对：重新登记这个群的机器人', en: 'A wrong group id: register the group’s robot again' },
  93008: { zh: '机器人不在这个群里：在群里重新添加机器人', en: 'The robot is not in this group: add it again' },
} as const satisfies Readonly<Record<number, Bilingual>>

const table: ReadonlyMap<number, Bilingual> = new Map(
  Object.entries(wecomAdvice).map(([errcode, advice]) => [Number(errcode), advice]),
)

const licence: Bilingual = {
  zh: '接口许可（账号）不足：这只关系到第三方应用，请改用企业自建应用',
  en: 'A licence of third-party apps is missing: use a self-built app instead',
}
const unknown: Bilingual = {
  zh: '企业微信返回了没有收录的错误码：到 developer.work.weixin.qq.com 的错误码查询工具里查原因，并检查应用的设置',
  en: 'An errcode that is not in our table: look it up in the errcode tool of developer.work.weixin.qq.com and check the app’s settings',
}

/** Whether the table knows what to do about this errcode. */
export const hasAdvice = (errcode: number): boolean => table.has(errcode)

/** What to do about an errcode; for one nobody knows, where to look. */
export const adviceFor = (errcode: number): Bilingual =>
  table.get(errcode) ?? (errcode >= 701001 && errcode <= 701099 ? licence : unknown)

/** The calling address WeCom names in its errmsg (60020): “not allow to access from your ip, … from ip: 1.2.3.4”. */
export const ipIn = (hint: string): string => /from ip:?\s*([0-9a-f.:]+)/i.exec(hint)?.[1] ?? ''

/** WeCom's own words without what only its support can use. */
export const plainHint = (hint: string): string =>
  hint.replace(/,? hint: \[[^\]]*\]/, '').replace(/,? from ip:? \S+/i, '')
