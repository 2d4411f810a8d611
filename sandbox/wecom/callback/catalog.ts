import type { EventFields } from './xml.ts'

/**
 * Every event that can be emitted by name, with the fields of a sample. A value with @ is taken from the company: @member and
 * @customer are a pair of contacts, @group a customer group, @tag a tag; `new` as WelcomeCode makes a live one.
 */
export const EVENTS: Readonly<Record<string, EventFields>> = {
  'change_external_contact.add_external_contact': {
    UserID: '@member',
    ExternalUserID: '@customer',
    WelcomeCode: 'new',
  },
  'change_external_contact.edit_external_contact': { UserID: '@member', ExternalUserID: '@customer' },
  'change_external_contact.add_half_external_contact': {
    UserID: '@member',
    ExternalUserID: '@customer',
    WelcomeCode: 'new',
  },
  'change_external_contact.del_external_contact': { UserID: '@member', ExternalUserID: '@customer' },
  'change_external_contact.del_follow_user': { UserID: '@member', ExternalUserID: '@customer' },
  'change_external_contact.transfer_fail': {
    FailReason: 'customer_refused',
    UserID: '@member',
    ExternalUserID: '@customer',
  },
  'change_external_contact.msg_audit_approved': { UserID: '@member', ExternalUserID: '@customer' },
  'change_external_chat.create': { ChatId: '@group' },
  'change_external_chat.update': {
    ChatId: '@group',
    UpdateDetail: 'add_member',
    JoinScene: 3,
    MemChangeCnt: 1,
    MemChangeList: ['@customer'],
    LastMemVer: '9c3f97c2ada667dfb5f6d03308d963e1',
    CurMemVer: '71217227bbd112ecfe3a49c482195cb4',
  },
  'change_external_chat.dismiss': { ChatId: '@group' },
  'change_external_tag.create': { Id: '@tag', TagType: 'tag' },
  'change_external_tag.update': { Id: '@tag', TagType: 'tag' },
  'change_external_tag.delete': { Id: '@tag', TagType: 'tag' },
  'change_external_tag.shuffle': { Id: '@tag' },
  'customer_acquisition.balance_low': {},
  'customer_acquisition.balance_exhausted': {},
  'customer_acquisition.balance_increased': {},
  'customer_acquisition.quota_expire_soon': { ExpireTime: 1800000000, ExpireQuotaNum: 100 },
  'customer_acquisition.link_unavailable': { LinkId: 'cawcdeSAMPLE' },
  'customer_acquisition.delete_link': { LinkId: 'cawcdeSAMPLE' },
  'customer_acquisition.open_profile': { LinkId: 'cawcdeSAMPLE' },
  'customer_acquisition.friend_request': { LinkId: 'cawcdeSAMPLE' },
  'customer_acquisition.customer_start_chat': {
    LinkId: 'cawcdeSAMPLE',
    UserID: '@member',
    ExternalUserID: '@customer',
  },
  'customer_acquisition.message_from_customer': { LinkId: 'cawcdeSAMPLE', ChatKey: 'CHATKEYSAMPLE' },
  'customer_acquisition.del_follow_user': { LinkId: 'cawcdeSAMPLE', UserID: '@member', ExternalUserID: '@customer' },
  'change_contact.create_user': {
    UserID: '@member',
    Name: '新同事',
    Department: '1',
    MainDepartment: 1,
    IsLeaderInDept: '0',
    Status: 1,
  },
  'change_contact.update_user': { UserID: '@member', Department: '1' },
  'change_contact.delete_user': { UserID: '@member' },
  'change_contact.create_party': { Id: 2, Name: '门店', ParentId: 1, Order: 2 },
  'change_contact.update_party': { Id: 2, Name: '门店' },
  'change_contact.delete_party': { Id: 2 },
  'change_contact.update_tag': { TagId: 1, AddUserItems: '@member' },
  msgaudit_notify: { AgentID: 2000004 },
  kf_msg_or_event: { Token: 'ENCSAMPLE', OpenKfId: 'wkSAMPLE' },
  enter_agent: { FromUserName: '@member', EventKey: '', AgentID: 1000002 },
  subscribe: { FromUserName: '@member', AgentID: 1000002 },
  unsubscribe: { FromUserName: '@member', AgentID: 1000002 },
  template_card_event: {
    FromUserName: '@member',
    EventKey: 'btn_done',
    TaskId: 'task-sample',
    CardType: 'button_interaction',
    ResponseCode: 'RESPONSECODESAMPLE',
    AgentID: 1000002,
  },
}

/** The events a name means: in full, or by its last part (`add_external_contact`); customer events first when several fit. */
export function eventsNamed(name: string): string[] {
  if (EVENTS[name]) return [name]
  const fitting = Object.keys(EVENTS).filter((full) => full.endsWith(`.${name}`))
  const customers = fitting.filter((full) => full.startsWith('change_external_contact.'))
  return customers.length === 1 ? customers : fitting
}

/** The fields that name an event. */
export function headOf(name: string): EventFields {
  const [event = name, change] = name.split('.')
  return change === undefined ? { Event: event } : { Event: event, ChangeType: change }
}
