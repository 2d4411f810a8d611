import { z } from 'zod'
import { BAD_PARAMS, NO_CONTEXT, NO_PERMISSION, ok } from '../ending.ts'
import type { BridgeHost, ChatTarget } from '../host.ts'
import { checkMessage, UNSUPPORTED } from '../message.ts'
import { checkShare } from '../share.ts'
import { isBag } from '../../data/parts.ts'
import { type BridgeFunction, idList } from './kind.ts'

const OpenChat = z.object({
  chatId: z.string().default(''),
  groupName: z.string().default(''),
  userIds: idList,
  externalUserIds: idList,
})
const UpdateChat = z.object({ chatId: z.string().min(1), userIdsToAdd: idList })
const OpenWithMessage = z.object({ chatId: z.string().min(1), msg: z.record(z.string(), z.unknown()).optional() })
/** People of a group: the signed-in member counts too. A WeChat contact in it makes it smaller. */
const MAX_INTERNAL = 2_000
const MAX_EXTERNAL = 500
const MAX_WITH_WECHAT = 40

function currentTarget(host: BridgeHost): ChatTarget | undefined {
  const chat_id = host.chatId()
  if (chat_id !== undefined) return { chat_id }
  const external_userid = host.externalUserid()
  return external_userid === undefined ? undefined : { external_userid }
}

function isTooMany(userIds: string[], externalUserIds: string[], isWechat: (id: string) => boolean): boolean {
  const people = userIds.length + externalUserIds.length
  if (externalUserIds.length === 0) return people === 0 || people > MAX_INTERNAL
  return people > (externalUserIds.some(isWechat) ? MAX_WITH_WECHAT : MAX_EXTERNAL)
}

/** `link` of openExistedChatWithMsg has its own errors, which checkShare words. */
function checkLinkMessage(msg: Record<string, unknown>) {
  if (msg['msgtype'] !== 'link' || !isBag(msg['link'])) return { refused: UNSUPPORTED }
  return checkShare({ attachments: [msg] })
}

export const chatFunctions: Record<string, BridgeFunction> = {
  sendChatMessage: {
    needs: 'agent',
    entries: ['single_chat_tools', 'group_chat_tools', 'chat_attachment'],
    async run(params, host) {
      const checked = checkMessage(params)
      if ('refused' in checked) return checked.refused
      const target = currentTarget(host)
      if (!target) return NO_CONTEXT
      await host.say(target, checked.message)
      if (params['enterChat'] === true) host.enterChat()
      return ok()
    },
  },
  openEnterpriseChat: {
    needs: 'agent',
    async run(params, host) {
      const parsed = OpenChat.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const { chatId, groupName, userIds, externalUserIds } = parsed.data
      if (chatId !== '') {
        if (!host.hasChat(chatId)) return NO_PERMISSION
        host.openChat({ chat_id: chatId })
        return ok({ chatId })
      }
      const isKnown = userIds.every((id) => host.isMember(id)) && externalUserIds.every((id) => host.isContact(id))
      if (!isKnown) return NO_PERMISSION
      const [only] = externalUserIds
      if (only !== undefined && externalUserIds.length === 1 && userIds.length === 0) {
        host.openChat({ external_userid: only })
        return ok({ chatId: '' })
      }
      if (isTooMany(userIds, externalUserIds, (id) => host.isWechat(id))) return BAD_PARAMS
      const created = await host.createChat(groupName, userIds, externalUserIds)
      host.openChat({ chat_id: created })
      return ok({ chatId: created })
    },
  },
  openExistedChatWithMsg: {
    needs: 'agent',
    async run(params, host) {
      const parsed = OpenWithMessage.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const { chatId, msg } = parsed.data
      if (!host.hasChat(chatId)) return NO_PERMISSION
      if (msg) {
        const checked = checkLinkMessage(msg)
        if ('refused' in checked) return checked.refused
        for (const message of checked.messages) await host.say({ chat_id: chatId }, message)
      }
      host.openChat({ chat_id: chatId })
      return ok()
    },
  },
  updateEnterpriseChat: {
    needs: 'agent',
    async run(params, host) {
      const parsed = UpdateChat.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const { chatId, userIdsToAdd } = parsed.data
      if (!host.hasChat(chatId) || !userIdsToAdd.every((id) => host.isMember(id))) return NO_PERMISSION
      await host.addToChat(chatId, userIdsToAdd)
      return ok()
    },
  },
  // Works with open ids and tickets, which a company's own app never gets.
  createChatWithMsg: { needs: 'agent', thirdParty: true, run: () => NO_PERMISSION },
}
