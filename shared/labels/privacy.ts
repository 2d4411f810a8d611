import type { Vocabularies } from './vocabulary.ts'

/** Consent, requests of persons, and what is kept of them. */
export const privacyLabels = {
  purpose: {
    marketing: { zh: '营销消息', en: 'Marketing messages' },
    profiling: { zh: '画像分析', en: 'Profiling' },
    sharing: { zh: '对外提供', en: 'Sharing outside' },
    service: { zh: '提供服务', en: 'Service' },
  },
  consent_state: {
    granted: { zh: '已同意', en: 'Given' },
    withdrawn: { zh: '已撤回', en: 'Withdrawn' },
    unknown: { zh: '没有记录', en: 'Not recorded' },
  },
  consent_source: {
    rep: { zh: '顾问记录', en: 'Noted by a rep' },
    customer: { zh: '客户本人', en: 'The customer' },
    form: { zh: '表单', en: 'Form' },
    import: { zh: '导入', en: 'Import' },
    wecom: { zh: '企业微信', en: 'WeCom' },
    ingest: { zh: '数据接入', en: 'Ingest' },
  },
  personal: {
    phone: { zh: '手机', en: 'Phone' },
    email: { zh: '邮箱', en: 'E-mail' },
    address: { zh: '地址', en: 'Address' },
    id_number: { zh: '证件号', en: 'Id number' },
    text: { zh: '敏感信息', en: 'Sensitive data' },
  },
  retention: {
    inbox: { zh: '企业微信回调原文', en: 'Callbacks of WeCom' },
    behaviours: { zh: '浏览与点击明细', en: 'Visits and clicks' },
    imports: { zh: '导入文件与未导入的行', en: 'Import files and rejected rows' },
    exports: { zh: '个人信息副本', en: 'Copies of personal data' },
    audit: { zh: '审计记录', en: 'Audit' },
  },
  request_kind: {
    export: { zh: '查阅、复制', en: 'Copy' },
    erasure: { zh: '删除', en: 'Erasure' },
  },
  request_state: {
    waiting: { zh: '排队中', en: 'Waiting' },
    working: { zh: '进行中', en: 'Under way' },
    checking: { zh: '复查中', en: 'Being checked' },
    done: { zh: '已完成', en: 'Done' },
    expired: { zh: '已过期', en: 'Expired' },
    failed: { zh: '没有做成', en: 'Failed' },
  },
  /** What rooms hold of a person, `room.kind`. */
  held: {
    'inbox.callbacks': { zh: '企业微信的通知', en: 'Notifications of WeCom' },
    'outbox.sends': { zh: '发给你的消息', en: 'Messages to you' },
    'outbox.receipts': { zh: '收到的群发', en: 'Mass messages received' },
    'tasks.tasks': { zh: '与你有关的任务', en: 'Tasks about you' },
    'profile.doubts': { zh: '身份核对', en: 'Doubts of who is who' },
    'ingest.rejectedMessages': { zh: '没有收下的消息', en: 'Messages that were not taken' },
    'imports.rejectedRows': { zh: '没有导入的行', en: 'Rows that were not imported' },
    'measure.exposures': { zh: '参与的对照', en: 'Comparisons you were in' },
    'tiers.moves': { zh: '试算中的等级变动', en: 'Moves between levels that were tried' },
    'rules.webhooks': { zh: '交给其他系统的通知', en: 'What other systems were told' },
    'rules.backtests': { zh: '规则试算中的例子', en: 'Examples in tries of rules' },
    'rules.runs': { zh: '参与的规则', en: 'Rules you were in' },
    'groups.memberships': { zh: '所在的群', en: 'Groups' },
    'transfers.handOvers': { zh: '顾问交接', en: 'Hand-overs between reps' },
    'losses.losses': { zh: '删除顾问的记录', en: 'Reps you removed' },
    'channels.adds': { zh: '添加渠道', en: 'Channels you came by' },
    'sync.differences': { zh: '对账差异', en: 'Differences found' },
  },
} as const satisfies Vocabularies
