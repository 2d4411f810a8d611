import {
  EntryType,
  env,
  getContext,
  getCurExternalChat,
  getCurExternalContact,
  register,
  sendChatMessage,
} from '@wecom/jssdk'

/** What the sidebar uses of @wecom/jssdk, named one by one so that the rest stays out of the bundle. */
export const sdk = {
  EntryType,
  env,
  getContext,
  getCurExternalChat,
  getCurExternalContact,
  register,
  sendChatMessage,
}
export type Sdk = typeof sdk
