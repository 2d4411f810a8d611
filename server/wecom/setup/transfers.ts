import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { hintOf } from '../errors.ts'
import type { TransfersSetup } from '../types/transfers.ts'

/** Hands customers and groups from one member to another (在职继承, 离职继承). The room transfers calls it. */
export const createTransfersSetup = (call: Call): TransfersSetup => ({
  transferCustomers: async ({ kind, from, to }, externalUserIds, message) => {
    const asked = { handover_userid: from, takeover_userid: to, external_userid: [...externalUserIds] }
    const { customer } =
      kind === 'resigned'
        ? await call(api.resignedTransferCustomer, asked)
        : await call(api.transferCustomer, { ...asked, ...(message ? { transfer_success_msg: message } : {}) })
    return customer.map(({ external_userid, errcode }) => ({ externalUserId: external_userid, errcode }))
  },

  transferGroups: async ({ kind, to }, chatIds) => {
    const endpoint = kind === 'onjob' ? api.groupOnjobTransfer : api.groupTransfer
    const { failed_chat_list } = await call(endpoint, { chat_id_list: [...chatIds], new_owner: to })
    return failed_chat_list.map(({ chat_id, errcode, errmsg }) => ({ chatId: chat_id, errcode, hint: hintOf(errmsg) }))
  },
})
