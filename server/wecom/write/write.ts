import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import type { WecomWrite } from '../types.ts'
import { createAppMessagesWrite } from './app-messages.ts'
import { wireBody } from './body.ts'
import { createRobotsWrite } from './robots.ts'

/** Everything that reaches people or changes what they see. The outbox alone calls it. */
export const createWrite = (call: Call, { agentId, base }: { agentId: string; base: string }): WecomWrite => ({
  ...createAppMessagesWrite(call, { agentId }),
  ...createRobotsWrite(call, { base }),

  sendWelcome: async (code, body) => {
    await call(api.sendWelcome, { welcome_code: code, ...wireBody(body) })
  },

  addMassMessage: async ({ chatType, sender, externalUserIds, chatIds, body }) => {
    const answer = await call(api.addMassMessage, {
      chat_type: chatType,
      sender,
      ...(externalUserIds ? { external_userid: externalUserIds } : {}),
      ...(chatIds ? { chat_id_list: chatIds } : {}),
      ...wireBody(body),
    })
    return { msgid: answer.msgid, failList: answer.fail_list ?? [] }
  },

  markTag: async ({ userid, externalUserId, add, remove }) => {
    if (add.length + remove.length === 0) return
    const change = {
      userid,
      external_userid: externalUserId,
      ...(add.length > 0 ? { add_tag: add } : {}),
      ...(remove.length > 0 ? { remove_tag: remove } : {}),
    }
    await call(api.markTag, change, { object: externalUserId })
  },
})
