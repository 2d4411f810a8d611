import { z } from 'zod'
import { BAD_PARAMS, CANCEL, NO_CONTEXT, NO_PERMISSION, ok } from '../ending.ts'
import type { BridgeHost, ChatTarget } from '../host.ts'
import { checkMessage, checkShare, UNSUPPORTED } from '../message.ts'
import { isBag, partsOf } from '../../data/parts.ts'
import { type BridgeFunction, idList } from './kind.ts'

const OpenChat = z.object({
  chatId: z.string().default(''),
  groupName: z.string().default(''),
  userIds: idList,
  externalUserIds: idList,
})
const UpdateChat = z.object({ chatId: z.string().min(1), userIdsToAdd: idList })
const OpenWithMessage = z.object({ chatId: z.string().min(1), msg: z.record(z.string(), z.unknown()).optional() })
/** A group with a WeChat contact in it holds at most 40 people. */
const MAX_WITH_WECHAT = 40

function currentTarget(host: BridgeHost): ChatTarget | undefined {
  const chat_id = host.chatId()
  if (chat_id !== undefined) return { chat_id }
  const external_userid = host.externalUserid()
  return external_userid === undefined ? undefined : { external_userid }
}

/** `link` of openExistedChatWithMsg has its own errors, which checkShare words. */
function checkLinkMessage(msg: Record<string, unknown>) {
  if (msg['msgtype'] !== 'link' || !isBag(msg['link'])) return { refused: UNSUPPORTED }
  return checkShare({ attachments: [msg] })
}

/** The preview, the recipients, and the member's own press of the button: what 群发助手 does with a shared message. */
function share(idField: 'externalUserIds' | 'chatIds'): BridgeFunction['run'] {
  return async (params, host) => {
    const checked = checkShare(params)
    const preset = idList.safeParse(params[idField])
    if ('refused' in checked) return checked.refused
    if (!preset.success) return BAD_PARAMS
    const wish = { multi: true, chosen: preset.data, preview: checked.messages.flatMap(partsOf) }
    const toChats = idField === 'chatIds'
    const ids = toChats ? await host.pickChats(wish) : await host.pickContacts({ ...wish, onlyNew: false })
    if (ids === undefined) return CANCEL
    const targets = ids.map((id): ChatTarget => (toChats ? { chat_id: id } : { external_userid: id }))
    await host.sayToMany(targets, checked.messages)
    return ok()
  }
}

export const chatFunctions: Record<string, BridgeFunction> = {
  sendChatMessage: {
    needs: 'agent',
    entries: ['single_chat_tools', 'group_chat_tools'],
    async run(params, host) {
      const checked = checkMessage(params)
      if ('refused' in checked) return checked.refused
      const target = currentTarget(host)
      if (!target) return NO_CONTEXT
      await host.say(target, checked.message)
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
      const people = userIds.length + externalUserIds.length
      if (people === 0 || (externalUserIds.length > 0 && people > MAX_WITH_WECHAT)) return BAD_PARAMS
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
  shareToExternalContact: { needs: 'agent', run: share('externalUserIds') },
  shareToExternalChat: { needs: 'agent', run: share('chatIds') },
}
