import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import type { WecomWrite } from '../types.ts'
import { createRobotOf } from '../robot.ts'
import { wireBody } from './body.ts'

/** WeCom drops an identical app message within this time, so a repeat after a lost answer is harmless for as long. */
const duplicateCheckSeconds = 1800
const ALL_INVALID = 81013

/** Everything that reaches people or changes what they see. The outbox alone calls it. */
export const createWrite = (call: Call, { agentId, base }: { agentId: string; base: string }): WecomWrite => ({
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

  sendAppMessage: async ({ userid, text }) => {
    try {
      const answer = await call(api.messageSend, {
        touser: userid,
        msgtype: 'text',
        agentid: Number(agentId),
        text: { content: text },
        enable_duplicate_check: 1,
        duplicate_check_interval: duplicateCheckSeconds,
      })
      const invalid = (answer.invaliduser ?? '').split('|').includes(userid.toLowerCase())
      return { msgid: answer.msgid, invalid }
    } catch (error) {
      if (isWecomError(error, ALL_INVALID)) return { msgid: '', invalid: true }
      throw error
    }
  },

  sendRobot: async (webhook, { msgtype, content }) => {
    const message = msgtype === 'text' ? { msgtype, text: { content } } : { msgtype, markdown: { content } }
    await call(api.webhookSend, message, createRobotOf(base)(webhook))
  },

  markTag: async ({ userid, externalUserId, add, remove }) => {
    if (add.length + remove.length === 0) return
    await call(api.markTag, {
      userid,
      external_userid: externalUserId,
      ...(add.length > 0 ? { add_tag: add } : {}),
      ...(remove.length > 0 ? { remove_tag: remove } : {}),
    })
  },
})
