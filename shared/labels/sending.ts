import type { Vocabularies } from './vocabulary.ts'

/** What is sent, by which way, and what became of it. */
export const sendingLabels = {
  intent: {
    wanted: { zh: '待放行', en: 'Wanted' },
    permitted: { zh: '待发送', en: 'Permitted' },
    blocked: { zh: '挡下', en: 'Held back' },
    claimed: { zh: '发送中', en: 'Sending' },
    sent: { zh: '已送出', en: 'Sent' },
    failed: { zh: '失败', en: 'Failed' },
    unsure: { zh: '待核对', en: 'Unsure' },
  },
  delivery: {
    none: { zh: '—', en: '—' },
    waiting: { zh: '等顾问确认', en: 'Waiting for the rep' },
    delivered: { zh: '已送达', en: 'Delivered' },
    not_friend: { zh: '非好友', en: 'Not a friend' },
    quota_used: { zh: '额度已用', en: 'Quota used' },
    expired: { zh: '未确认过期', en: 'Never confirmed' },
    cancelled: { zh: '已撤回', en: 'Taken back' },
  },
  channel: {
    welcome: { zh: '欢迎语', en: 'Welcome message' },
    mass: { zh: '企业群发（顾问确认）', en: 'Mass message (rep confirms)' },
    group_mass: { zh: '客户群群发（群主确认）', en: 'Group mass message (owner confirms)' },
    app: { zh: '应用消息给顾问', en: 'App message to the rep' },
    robot: { zh: '群机器人', en: 'Group robot' },
    mark_tag: { zh: '企业微信打标签', en: 'WeCom tag' },
  },
  send_days: {
    any: { zh: '任何日子', en: 'any day' },
    workdays: { zh: '工作日', en: 'working days' },
    days_off: { zh: '休息日', en: 'days off' },
  },
  loss: {
    wait: { zh: '等到有额度', en: 'Waits for room' },
    merge: { zh: '合并进对方的消息', en: 'Goes along in the other’s message' },
    fallback: { zh: '换一种方式', en: 'Another way' },
    drop: { zh: '放弃', en: 'Dropped' },
  },
  loss_ground: {
    priority: { zh: '优先级更低', en: 'Lower priority' },
    value: { zh: '预期价值更低', en: 'Lower expected value' },
    earlier: { zh: '来得更晚', en: 'Came later' },
    outside: { zh: '手动群发占用', en: 'Used by hand' },
  },
  day_source: {
    holidays: { zh: '国务院放假安排', en: 'State holidays' },
    company: { zh: '公司设定', en: 'Set by the company' },
    week: { zh: '按星期', en: 'By the week' },
  },
  quota_period: {
    day: { zh: '每天', en: 'a day' },
    week: { zh: '每周', en: 'a week' },
    month: { zh: '每月', en: 'a month' },
  },
  sender: {
    brought: { zh: '带来客户的顾问', en: 'The rep who brought them' },
    last_talk: { zh: '最近聊过的顾问', en: 'The rep who talked last' },
    longest: { zh: '跟进最久的顾问', en: 'The rep who holds them longest' },
    newest: { zh: '最近添加的顾问', en: 'The rep who added them last' },
  },
  fallback: {
    none: { zh: '到期就结束', en: 'Nothing' },
    rep: { zh: '请另一位跟进的顾问发', en: 'Ask another rep who holds them' },
    task: { zh: '给顾问一个手写任务', en: 'A task to write by hand' },
    rep_then_task: { zh: '请另一位顾问发，没有就给手写任务', en: 'Another rep, else a task to write by hand' },
  },
  broadcast: {
    scheduled: { zh: '待发送', en: 'Scheduled' },
    building: { zh: '分发中', en: 'Handing out' },
    under_way: { zh: '等顾问确认', en: 'Under way' },
    done: { zh: '已完成', en: 'Done' },
    cancelled: { zh: '已取消', en: 'Cancelled' },
  },
} as const satisfies Vocabularies
