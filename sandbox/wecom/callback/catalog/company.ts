import type { EventFields } from '../xml.ts'
import { app, type Samples } from './sample.ts'

const contact = (ChangeType: string, fields: EventFields, optional: EventFields = {}) =>
  app({ Event: 'change_contact', ChangeType, ...fields }, optional)

/** What only apps with the right to it are told. */
const sensitive: EventFields = {
  Mobile: '13800000000',
  Email: 'new@example.com',
  BizMail: 'new@biz.example.com',
  Avatar: 'https://wework.qpic.cn/sample/0',
  Telephone: '020-123456',
  Address: '广州市海珠区',
}
const person: EventFields = {
  Name: '新同事',
  Department: '1,2',
  MainDepartment: 1,
  IsLeaderInDept: '0,0',
  Status: 1,
}
const more: EventFields = {
  DirectLeader: '@member',
  Position: '导购',
  Gender: 1,
  Alias: 'new',
  ...sensitive,
  ExtAttr: {
    Item: [
      { Name: '爱好', Type: 0, Text: { Value: '旅游' } },
      { Name: '名片', Type: 1, Web: { Title: '名片', Url: 'https://example.com/card' } },
    ],
  },
}

/** The contacts (通讯录) and other events of the system. */
export const companySamples: Samples = {
  'change_contact.create_user': contact('create_user', { UserID: '@member', ...person }, more),
  'change_contact.update_user': contact(
    'update_user',
    { UserID: '@member' },
    { NewUserID: 'newid', ...person, ...more },
  ),
  'change_contact.delete_user': contact('delete_user', { UserID: '@member' }),
  'change_contact.create_party': contact('create_party', { Id: 2, Name: '门店', ParentId: 1, Order: 2 }),
  'change_contact.update_party': contact('update_party', { Id: 2 }, { Name: '门店', ParentId: 1 }),
  'change_contact.delete_party': contact('delete_party', { Id: 2 }),
  'change_contact.update_tag': contact(
    'update_tag',
    { TagId: 1 },
    { AddUserItems: '@member', DelUserItems: '@member', AddPartyItems: '1,2', DelPartyItems: '3' },
  ),

  msgaudit_notify: app({ Event: 'msgaudit_notify', AgentID: 2000004 }),
  kf_msg_or_event: app({ Event: 'kf_msg_or_event', Token: 'ENCSAMPLE', OpenKfId: 'wkSAMPLE' }),
  kf_account_auth_change: app(
    { Event: 'kf_account_auth_change' },
    { AuthAddOpenKfId: ['wkSAMPLE1', 'wkSAMPLE2'], AuthDelOpenKfId: ['wkSAMPLE3'] },
  ),
  batch_job_result: app({
    Event: 'batch_job_result',
    BatchJob: { JobId: 'jobSAMPLE', JobType: 'sync_user', ErrCode: 0, ErrMsg: 'ok' },
  }),
  upload_media_job_finish: app({ Event: 'upload_media_job_finish', JobId: 'jobSAMPLE' }),
  close_inactive_agent: app({ Event: 'close_inactive_agent', AgentID: '@agent' }),
  reopen_inactive_agent: app({ Event: 'reopen_inactive_agent', AgentID: '@agent' }),
}
