import { z } from 'zod'
import type { Bilingual } from '../text.ts'

/** The checks of the connection with WeCom (接入检查), in the order in which they are mended. */
export const checkGroups = {
  base: { zh: '基础', en: 'Basics' },
  secret: { zh: '凭证与权限', en: 'Secrets and rights' },
  domain: { zh: '域名与登录', en: 'Domain and sign-in' },
  callback: { zh: '回调', en: 'Callbacks' },
  page: { zh: '侧边栏', en: 'Sidebar' },
  right: { zh: '各项接口', en: 'APIs' },
} as const satisfies Record<string, Bilingual>
export type CheckGroup = keyof typeof checkGroups

type Check = { readonly group: CheckGroup; readonly title: Bilingual }

export const checks = {
  settings: { group: 'base', title: { zh: '环境设置齐全、格式正确', en: 'Settings present and well-formed' } },
  mongo: { group: 'base', title: { zh: 'MongoDB 版本与副本集', en: 'MongoDB version and replica set' } },
  redis: { group: 'base', title: { zh: 'Redis 版本与持久化', en: 'Redis version and persistence' } },
  api: { group: 'base', title: { zh: '能连上企业微信接口', en: 'WeCom’s API can be reached' } },
  clock: { group: 'base', title: { zh: '服务器时间准确', en: 'The server’s clock is right' } },
  corp: { group: 'secret', title: { zh: '企业 ID（CorpID）', en: 'CorpID' } },
  agent_secret: { group: 'secret', title: { zh: '应用 Secret', en: 'Secret of the app' } },
  contact_secret: { group: 'secret', title: { zh: '客户联系用的 Secret', en: 'Secret for customer contact' } },
  ip: { group: 'secret', title: { zh: '企业可信IP', en: 'Trusted IP (企业可信IP)' } },
  agent: { group: 'secret', title: { zh: 'AgentId 与应用状态', en: 'AgentId and state of the app' } },
  callable: { group: 'secret', title: { zh: '在「可调用接口的应用」里', en: 'Listed in 可调用接口的应用' } },
  range: {
    group: 'secret',
    title: { zh: '可见范围覆盖用客户联系的成员', en: 'Visible range covers the members with customer contact' },
  },
  https: { group: 'domain', title: { zh: '公开地址用 HTTPS', en: 'The public address uses HTTPS' } },
  domain: { group: 'domain', title: { zh: '可信域名与登录跳转', en: 'Trusted domain and sign-in redirect' } },
  verify_file: { group: 'domain', title: { zh: '域名校验文件 WW_verify', en: 'Domain file WW_verify' } },
  callback: { group: 'callback', title: { zh: '回调地址能通过验证', en: 'The receive URL passes verification' } },
  callback_seen: { group: 'callback', title: { zh: '收到过回调', en: 'Callbacks arrive' } },
  tickets: { group: 'page', title: { zh: '两种 jsapi_ticket', en: 'Both jsapi tickets' } },
  signature: { group: 'page', title: { zh: '侧边栏页面的签名', en: 'Signature of the sidebar page' } },
  right_members: { group: 'right', title: { zh: '通讯录', en: 'Address book' } },
  right_customers: { group: 'right', title: { zh: '客户', en: 'Customers' } },
  right_tags: { group: 'right', title: { zh: '客户标签', en: 'Customer tags' } },
  right_groups: { group: 'right', title: { zh: '客户群', en: 'Customer groups' } },
  right_contact_ways: { group: 'right', title: { zh: '联系我（渠道活码）', en: 'Contact ways' } },
  right_join_ways: { group: 'right', title: { zh: '加入群聊（群活码）', en: 'Group join ways' } },
  right_group_welcomes: { group: 'right', title: { zh: '入群欢迎语', en: 'Group welcome templates' } },
  right_mass: { group: 'right', title: { zh: '企业群发', en: 'Mass messages' } },
  right_transfers: { group: 'right', title: { zh: '客户继承', en: 'Hand-over of customers' } },
  right_group_stats: { group: 'right', title: { zh: '客户群统计', en: 'Statistics of groups' } },
  right_media: { group: 'right', title: { zh: '素材', en: 'Media' } },
} as const satisfies Record<string, Check>
export type CheckId = keyof typeof checks
export const isCheckId = (text: string): text is CheckId => Object.hasOwn(checks, text)
export const checkIds = Object.keys(checks).filter(isCheckId)
export const CheckId = z.string().refine(isCheckId)

/** What cannot be done without an API. */
export const features = {
  right_members: { zh: '同步成员、部门和角色', en: 'sync of members, departments and roles' },
  right_customers: { zh: '客户档案与对账', en: 'customer profiles and comparison' },
  right_tags: { zh: '企业标签双向同步', en: 'tags in both directions' },
  right_groups: { zh: '客户群与群群发', en: 'customer groups and mass messages to them' },
  right_contact_ways: { zh: '渠道活码', en: 'channel QR codes' },
  right_join_ways: { zh: '群活码', en: 'group QR codes' },
  right_group_welcomes: { zh: '入群欢迎语', en: 'group welcome messages' },
  right_mass: { zh: '企业群发与结果', en: 'mass messages and their results' },
  right_transfers: { zh: '在职与离职继承', en: 'hand-over of customers' },
  right_group_stats: { zh: '客户群活跃统计', en: 'activity of groups' },
  right_media: { zh: '图片、视频和文件附件', en: 'pictures, videos and files' },
} as const satisfies Partial<Record<CheckId, Bilingual>>
