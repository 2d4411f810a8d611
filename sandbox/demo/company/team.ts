/** The people of 初雪护肤 and where its customers come from. */
export const manager = { userid: 'wangmin', name: '王敏', position: '私域运营主管' } as const

export const reps = [
  { userid: 'lina', name: '李娜', position: '高级护肤顾问' },
  { userid: 'chenli', name: '陈立', position: '护肤顾问' },
  { userid: 'zhouke', name: '周可', position: '护肤顾问' },
] as const
export type Rep = (typeof reps)[number]['userid']
export const isRep = (userid: string): userid is Rep => reps.some((rep) => rep.userid === userid)

/** How likely a rep confirms a waiting mass message on an evening. */
export const diligence: Readonly<Record<Rep, number>> = { lina: 0.85, chenli: 0.7, zhouke: 0.55 }

export const channelNames = ['门店海报', '小红书笔记', '老客推荐'] as const
export type ChannelName = (typeof channelNames)[number]

/** Customer groups with their owner, the rep who brings customers along, and their tier; the internal one has a robot. */
export const customerGroups = [
  { name: '初雪 VIP 护肤研究所', owner: 'lina', helper: 'chenli', tier: 'A' },
  { name: '初雪护肤福利群', owner: 'zhouke', helper: 'chenli', tier: 'C' },
] as const
export const internalGroup = { name: '店长群', owner: manager.userid, robot: '知音播报', tier: 'B' } as const

export const tagGroups = {
  渠道: channelNames,
  肤质: ['敏感肌', '油性肌', '干性肌', '混合肌'],
  偏好: ['爱囤面膜', '看重成分', '喜欢礼盒', '价格敏感'],
  状态: ['召回过', '流失挽回'],
} as const
