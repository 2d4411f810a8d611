import type { Client } from '@zhiyin/shared/api/client'
import { session } from '@zhiyin/shared/api/session'
import { provided } from '../platform/provided.ts'
import { failureOf, isSdkRejection, WecomFailure } from './failure.ts'
import type { ChatMessage } from './message.ts'
import type { Sdk } from './sdk.ts'
import { within } from './timeout.ts'

/** Where in the client this page stands open. `talks`: a text can be handed to the chat (not from a contact's profile page). */
export type Place =
  | { kind: 'single'; externalUserId: string; talks: boolean }
  | { kind: 'group'; chatId: string }
  | { kind: 'elsewhere'; entry: string }

export type Wecom = {
  /** Whether this browser is the WeCom client; without it nothing below ever answers. */
  readonly inside: boolean
  readonly place: () => Promise<Place>
  /** Hands a text to the open chat. `late`: it went through after the wait was over. */
  readonly sendText: (text: string, late?: () => void) => Promise<void>
  /** The same for a file or a card. */
  readonly sendMessage: (message: ChatMessage, late?: () => void) => Promise<void>
}

type WecomOptions = { sdk: Sdk; call: Client['call']; timeout?: number }

const jsApiList = ['getContext', 'getCurExternalContact', 'getCurExternalChat', 'sendChatMessage']

/** The page's address as the SDK signs it. */
const pageUrl = (): string => location.href.split('#')[0] ?? location.href

/**
 * The WeCom client behind one narrow interface: registers on first use, bounds every call in time and tells failures apart.
 * A failed registration is tried again by the next call, with a fresh signature.
 */
export const createWecom = ({ sdk: ww, call, timeout = 8_000 }: WecomOptions): Wecom => {
  const handed = new WeakSet<object>()
  let registered: Promise<void> | null = null
  /** The client did not take the last signature: the next one is made with a fresh ticket. */
  let refused = false

  const sign = async (url: string) => {
    const again = refused ? { refused: '1' as const } : {}
    refused = false
    try {
      return await call(session.jssdk, { query: { url, kind: 'agent', ...again } })
    } catch (reason) {
      if (reason instanceof Error) handed.add(reason)
      throw reason
    }
  }

  /** register() leaves a rejection nobody can catch when the configuration fails; the waiting call reports the same. */
  const quieten = (event: PromiseRejectionEvent): void => {
    const reason: unknown = event.reason
    const ours = reason instanceof Error && handed.has(reason)
    if (ours || isSdkRejection(reason)) event.preventDefault()
  }

  const register = async (): Promise<void> => {
    const url = pageUrl()
    const first = await sign(url)
    let unused = true
    window.addEventListener('unhandledrejection', quieten)
    ww.register({
      corpId: first.corpId,
      agentId: first.agentId,
      jsApiList,
      getAgentConfigSignature: (asked) => {
        const reuse = unused && asked === url
        unused = false
        return reuse ? first : sign(asked)
      },
      /** The call that waits for the configuration rejects with the same result. */
      onAgentConfigFail: () => {
        refused = true
      },
    })
  }

  const ask = async <T>(api: () => Promise<T>, late?: (value: T) => void): Promise<T> => {
    if (!ww.env.isWeCom) throw new WecomFailure('context', 'not inside WeCom')
    registered ??= register()
    try {
      await within(registered, timeout)
    } catch (reason) {
      registered = null
      throw failureOf(reason)
    }
    try {
      return await within(api(), timeout, late)
    } catch (reason) {
      throw failureOf(reason)
    }
  }

  const place = async (): Promise<Place> => {
    const { entry } = await ask(() => ww.getContext())
    const {
      single_chat_tools: chat,
      single_kf_tools: service,
      contact_profile: card,
      group_chat_tools: group,
    } = ww.EntryType
    if (entry === chat || entry === service || entry === card) {
      const { userId } = await ask(() => ww.getCurExternalContact())
      return { kind: 'single', externalUserId: userId, talks: entry !== card }
    }
    if (entry !== group) return { kind: 'elsewhere', entry }
    const { chatId } = await ask(() => ww.getCurExternalChat())
    return { kind: 'group', chatId }
  }

  const sendMessage = async (message: ChatMessage, late?: () => void): Promise<void> => {
    await ask(
      () => ww.sendChatMessage(message),
      () => late?.(),
    )
  }
  const sendText = (text: string, late?: () => void) => sendMessage({ msgtype: 'text', text: { content: text } }, late)

  return { inside: ww.env.isWeCom, place, sendText, sendMessage }
}

export const wecom = provided<Wecom>('wecom')
