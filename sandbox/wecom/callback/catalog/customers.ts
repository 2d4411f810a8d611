import type { EventFields } from '../xml.ts'
import { app, type Samples } from './sample.ts'

const pair = { UserID: '@member', ExternalUserID: '@customer' }
const customer = (ChangeType: string, fields: EventFields, optional: EventFields = {}) =>
  app({ Event: 'change_external_contact', ChangeType, ...fields }, optional)
const chat = (ChangeType: string, fields: EventFields = {}) =>
  app({ Event: 'change_external_chat', ChangeType, ChatId: '@group', ...fields })
const tag = (ChangeType: string) =>
  app({ Event: 'change_external_tag', ChangeType, Id: '@tag', TagType: 'tag' }, { StrategyId: '1' })
const acquisition = (ChangeType: string, fields: EventFields = {}, optional: EventFields = {}) =>
  app({ Event: 'customer_acquisition', ChangeType, ...fields }, optional)

const State = 'store_07'
const LinkId = 'cawcdeSAMPLE'
const versions = { LastMemVer: '9c3f97c2ada667dfb5f6d03308d963e1', CurMemVer: '71217227bbd112ecfe3a49c482195cb4' }
const members = { MemChangeCnt: 1, MemChangeList: { Item: ['@customer'] }, ...versions }

/** Customers, customer groups, tags, acquisition links. */
export const customerSamples: Samples = {
  'change_external_contact.add_external_contact': customer(
    'add_external_contact',
    { ...pair, WelcomeCode: 'new' },
    { State },
  ),
  'change_external_contact.edit_external_contact': customer('edit_external_contact', pair, { State }),
  'change_external_contact.add_half_external_contact': customer(
    'add_half_external_contact',
    { ...pair, WelcomeCode: 'new' },
    { State },
  ),
  'change_external_contact.del_external_contact': customer('del_external_contact', pair, {
    Source: 'DELETE_BY_TRANSFER',
  }),
  'change_external_contact.del_follow_user': customer('del_follow_user', pair),
  'change_external_contact.transfer_fail': customer('transfer_fail', { FailReason: 'customer_refused', ...pair }),
  'change_external_contact.msg_audit_approved': customer('msg_audit_approved', { ...pair }, { WelcomeCode: 'new' }),

  'change_external_chat.create': chat('create'),
  'change_external_chat.update': chat('update', { UpdateDetail: 'add_member', JoinScene: 3, ...members }),
  'change_external_chat.update.del_member': chat('update', { UpdateDetail: 'del_member', QuitScene: 0, ...members }),
  'change_external_chat.update.change_owner': chat('update', { UpdateDetail: 'change_owner' }),
  'change_external_chat.update.change_name': chat('update', { UpdateDetail: 'change_name' }),
  'change_external_chat.update.change_notice': chat('update', { UpdateDetail: 'change_notice' }),
  'change_external_chat.dismiss': chat('dismiss'),

  'change_external_tag.create': tag('create'),
  'change_external_tag.update': tag('update'),
  'change_external_tag.delete': tag('delete'),
  'change_external_tag.shuffle': app(
    { Event: 'change_external_tag', ChangeType: 'shuffle' },
    { Id: '@tag_group', StrategyId: '1' },
  ),

  'customer_acquisition.balance_low': acquisition('balance_low'),
  'customer_acquisition.balance_exhausted': acquisition('balance_exhausted'),
  'customer_acquisition.balance_increased': acquisition('balance_increased'),
  'customer_acquisition.quota_expire_soon': acquisition('quota_expire_soon', {
    ExpireTime: 1800000000,
    ExpireQuotaNum: 100,
  }),
  'customer_acquisition.link_unavailable': acquisition('link_unavailable', { LinkId }),
  'customer_acquisition.delete_link': acquisition('delete_link', { LinkId }),
  'customer_acquisition.open_profile': acquisition('open_profile', { LinkId }, { State }),
  'customer_acquisition.friend_request': acquisition('friend_request', { LinkId }, { State }),
  'customer_acquisition.customer_start_chat': acquisition('customer_start_chat', { LinkId, ...pair }, { State }),
  'customer_acquisition.message_from_customer': acquisition(
    'message_from_customer',
    { LinkId, ChatKey: 'CHATKEYSAMPLE' },
    { State },
  ),
  /** As before 2024-12-19. */
  'customer_acquisition.message_from_customer.old': acquisition(
    'message_from_customer',
    { LinkId, ...pair, ChatSeq: 3 },
    { State },
  ),
  'customer_acquisition.del_follow_user': acquisition('del_follow_user', pair, { LinkId }),
}
