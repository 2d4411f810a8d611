import type { Vocabularies } from './vocabulary.ts'

/** Members and channel codes. */
export const companyLabels = {
  /** Who did something without being a member by name (shared/actor.ts); a member's own name prints as it is. */
  actor: {
    'API key': { zh: '接口密钥', en: 'API key' },
    企业微信: { zh: '企业微信', en: 'WeCom' },
    已离职成员: { zh: '已离职成员', en: 'a former member' },
  },
  role: {
    rep: { zh: '顾问', en: 'Rep' },
    manager: { zh: '主管', en: 'Manager' },
    admin: { zh: '管理员', en: 'Admin' },
  },
  channelStatus: {
    making: { zh: '创建中', en: 'being made' },
    on: { zh: '使用中', en: 'in use' },
    paused: { zh: '已暂停', en: 'paused' },
    gone: { zh: '已失效', en: 'gone' },
    deleted: { zh: '已删除', en: 'deleted' },
  },
} as const satisfies Vocabularies
