import { NO_CONTEXT, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

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
}
