import type { Vocabularies } from './vocabulary.ts'

/** Hand-overs. */
export const transfersLabels = {
  transfer_state: {
    planned: { zh: '等待发起', en: 'Planned' },
    calling: { zh: '正在发起', en: 'Being asked' },
    unsure: { zh: '核对中', en: 'Being checked' },
    waiting: { zh: '等客户 24 小时', en: 'Waiting 24 h' },
    done: { zh: '已转接', en: 'Handed over' },
    refused: { zh: '客户拒绝', en: 'Refused' },
    full: { zh: '接替人已满', en: 'New rep is full' },
    failed: { zh: '没有转成', en: 'Not handed over' },
  },
  /** Why a hand-over (客户继承) did not come about: WeCom's FailReason, transfer_result's status, or an errcode. */
  transfer_reason: {
    customer_refused: { zh: '客户拒绝了', en: 'The customer refused' },
    customer_limit_exceed: {
      zh: '接替人的客户数已满，请换一位',
      en: 'The new rep has as many customers as allowed; choose another',
    },
    no_record: { zh: '企业微信里没有这次转接的记录', en: 'WeCom knows nothing of this hand-over' },
    '40003': { zh: '成员不存在或不在应用可见范围', en: 'No such member, or outside the app’s range' },
    '40096': { zh: '客户编号无效', en: 'Not a valid customer id' },
    '40098': { zh: '接替人还没有实名', en: 'The new rep is not real-name verified' },
    '40099': { zh: '接替人的客户数已满，请换一位', en: 'The new rep has as many customers as allowed; choose another' },
    '40100': { zh: '已经在转接中', en: 'Being handed over already' },
    '40128': { zh: '90 天内已转接过 2 次，之后再试', en: 'Handed over twice in 90 days; try again later' },
    '40129': { zh: '已经在转接中', en: 'Being handed over already' },
    '40130': { zh: '原跟进人和接替人是同一人', en: 'Both are the same person' },
    '40131': { zh: '原跟进人已不再跟进这位客户', en: 'The old rep does not hold this customer any more' },
    '40205': { zh: '接替人一年内没有用微信登录过', en: 'The new rep has not signed in with WeChat within a year' },
    '41054': { zh: '接替人还没有激活', en: 'The new rep has not activated' },
    '84061': { zh: '已经不是客户', en: 'Not a customer any more' },
    '84074': { zh: '接替人没有客户联系权限', en: 'The new rep lacks the customer-contact function' },
    '45009': { zh: '今天的转接次数已满，明天继续', en: 'Today’s limit is used; goes on tomorrow' },
    '90500': { zh: '群主还没有离职', en: 'The group’s owner has not left' },
    '90501': { zh: '不是客户群', en: 'Not a customer group' },
    '90502': { zh: '群主已经离职', en: 'The group’s owner has left' },
    '90503': { zh: '群已满，接替人进不去', en: 'The group is full' },
    '90504': { zh: '接替人已是群主', en: 'The new rep owns the group already' },
    '90507': { zh: '群正在继承中', en: 'The group is being handed over' },
    '90508': { zh: '群已经继承过', en: 'The group has been handed over already' },
  },
} as const satisfies Vocabularies
