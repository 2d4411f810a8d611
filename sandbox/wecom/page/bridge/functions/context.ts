import { z } from 'zod'
import { fail, NO_CONTEXT, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

const MenuList = z.object({ menuList: z.array(z.enum(['sendMessage'])).min(1) })

/** Who the embedded page is looking at. */
export const contextFunctions: Record<string, BridgeFunction> = {
  getContext: { needs: 'agent', run: (_params, host) => ok({ entry: host.entry() }) },
  getCurExternalContact: {
    needs: 'agent',
    entries: ['single_chat_tools', 'contact_profile'],
    run(_params, host) {
      const userId = host.externalUserid()
      return userId === undefined ? NO_CONTEXT : ok({ userId })
    },
  },
  getCurExternalChat: {
    needs: 'agent',
    entries: ['group_chat_tools'],
    run(_params, host) {
      const chatId = host.chatId()
      return chatId === undefined ? NO_CONTEXT : ok({ chatId })
    },
  },
  hideChatAttachmentMenu: {
    needs: 'agent',
    run(params, host) {
      if (host.entry() !== 'chat_attachment') return fail('without context of chat_attachment')
      const parsed = MenuList.safeParse(params)
      if (!parsed.success) return fail('invalid menuList')
      host.hideAttachmentMenu(parsed.data.menuList)
      return ok()
    },
  },
}
