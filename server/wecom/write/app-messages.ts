import type { z } from 'zod'
import type { Call } from '../client.ts'
import { messageRecall, messageSend, updateTemplateCard } from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import type { AppMessagesWrite, AppSent, AppWire } from '../types/app-messages.ts'

/** WeCom drops an identical app message within this time, so a repeat after a lost answer is harmless for as long. */
const duplicateCheckSeconds = 1800
const ALL_INVALID = 81013
const perCall = 1000

type Wire = z.input<typeof messageSend.request>

/** The message to these members as WeCom spells it. */
const wireOf = (message: AppWire, userids: readonly string[], agentid: number): Wire => {
  const common = {
    touser: userids.join('|'),
    agentid,
    enable_duplicate_check: 1 as const,
    duplicate_check_interval: duplicateCheckSeconds,
  }
  switch (message.kind) {
    case 'text':
      return { ...common, msgtype: 'text', text: { content: message.text } }
    case 'markdown':
      return { ...common, msgtype: 'markdown', markdown: { content: message.text } }
    case 'textcard': {
      const { title, description, url, button } = message
      const textcard = { title, description, url, ...(button === undefined ? {} : { btntxt: button }) }
      return { ...common, msgtype: 'textcard', textcard }
    }
    case 'news':
      return { ...common, msgtype: 'news', news: { articles: message.articles } }
    case 'image':
      return { ...common, msgtype: 'image', image: { media_id: message.mediaId } }
    case 'file':
      return { ...common, msgtype: 'file', file: { media_id: message.mediaId } }
    case 'voice':
      return { ...common, msgtype: 'voice', voice: { media_id: message.mediaId } }
    case 'video': {
      const { mediaId, title, description } = message
      return { ...common, msgtype: 'video', video: { media_id: mediaId, title, description } }
    }
    case 'card':
      return { ...common, msgtype: 'template_card', template_card: message.card }
  }
}

/** Names joined by |, in lower case whatever was asked. */
const named = (joined: string | null | undefined): string[] => (joined ?? '').toLowerCase().split('|')

/** What the app says to members, and what it does to what it has said. */
export const createAppMessagesWrite = (call: Call, { agentId }: { agentId: string }): AppMessagesWrite => {
  const agentid = Number(agentId)

  /** One call; null where nobody could be reached. */
  const send = async (
    message: AppWire,
    userids: readonly string[],
  ): Promise<{ sent: AppSent; lost: string[] } | null> => {
    try {
      const answer = await call(messageSend, wireOf(message, userids, agentid))
      const sent = { msgid: answer.msgid, responseCode: answer.response_code ?? null }
      return { sent, lost: [...named(answer.invaliduser), ...named(answer.unlicenseduser)] }
    } catch (error) {
      if (isWecomError(error, ALL_INVALID)) return null
      throw error
    }
  }

  return {
    sendAppMessage: async ({ userids, message }) => {
      const sent: AppSent[] = []
      const invalid: string[] = []
      for (let from = 0; from < userids.length; from += perCall) {
        const some = userids.slice(from, from + perCall)
        const answer = await send(message, some)
        if (answer !== null) sent.push(answer.sent)
        const lost = new Set(answer === null ? some.map((id) => id.toLowerCase()) : answer.lost)
        invalid.push(...some.filter((id) => lost.has(id.toLowerCase())))
      }
      return { sent, invalid }
    },

    updateCard: async ({ userids, code, card }) => {
      await call(updateTemplateCard, { userids: [...userids], agentid, response_code: code, template_card: card })
    },

    recallAppMessage: async (msgid) => {
      await call(messageRecall, { msgid })
    },
  }
}
