import { eventNames, type EventHandlers, type EventName } from '@zhiyin/shared/events'

/** Events the product knows and does nothing with, on purpose. They are stored and counted, so that a handler added later can replay them. */
export const ignored: readonly EventName[] = [
  // A customer's consent to archiving: chats are not archived here.
  'change_external_contact.msg_audit_approved',
  'msgaudit_notify',
  // Acquisition links (获客助手) are made in WeCom's own console; who comes through one is an ordinary add with its state.
  'customer_acquisition.balance_low',
  'customer_acquisition.balance_exhausted',
  'customer_acquisition.balance_increased',
  'customer_acquisition.quota_expire_soon',
  'customer_acquisition.link_unavailable',
  'customer_acquisition.delete_link',
  'customer_acquisition.open_profile',
  'customer_acquisition.friend_request',
  // Member tags of the corp have no meaning here.
  'change_contact.update_tag',
  // WeCom customer service (微信客服) is another channel.
  'kf_msg_or_event',
  'kf_account_auth_change',
  // What a member does in the app's own chat and menu.
  'enter_agent',
  'click',
  'view',
  'view_miniprogram',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
  'LOCATION',
  'taskcard_click',
  'template_card_menu_event',
  // Ends of jobs nobody starts here.
  'batch_job_result',
  'upload_media_job_finish',
  'close_inactive_agent',
  'reopen_inactive_agent',
]

/** Throws TypeError when an event is neither handled nor left out on purpose, or both. */
export const checkHandled = (handlers: EventHandlers): void => {
  const leftOut = new Set(ignored)
  const wrong = eventNames.filter((name) => (handlers[name]?.length ?? 0) > 0 === leftOut.has(name))
  if (wrong.length > 0) throw new TypeError(`Neither handled nor ignored, or both: ${wrong.join(', ')}`)
}
