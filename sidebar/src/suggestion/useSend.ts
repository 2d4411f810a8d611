import type { Client } from '@zhiyin/shared/api/client'
import { customers } from '@zhiyin/shared/api/customers'
import { shallowRef, type ShallowRef } from 'vue'
import { newKey } from '../platform/key.ts'
import { messageOf } from '../platform/useAction.ts'
import { failureOf, WecomFailure, type WecomFault } from '../wecom/failure.ts'
import type { ChatMessage } from '../wecom/message.ts'
import type { Wecom } from '../wecom/wecom.ts'

export type Saying = {
  customerId: string
  text: string
  contentId?: string | undefined
  /** The send of ours that this makes good. */
  intentId?: string | undefined
  /** A file or card to send in place of the text, which then only names it. */
  message?: () => Promise<ChatMessage>
}

export type SendState =
  | { kind: 'idle' }
  | { kind: 'sending' }
  /** Handed to the chat. `recorded`: our server knows of it; null while it is being told. */
  | { kind: 'sent'; text: string; recorded: boolean | null }
  /** The chat beside the page is another customer's: nothing was sent. */
  | { kind: 'moved' }
  | { kind: 'failed'; fault: WecomFault; told: string }

export type Sending = {
  readonly state: Readonly<ShallowRef<SendState>>
  readonly send: (saying: Saying) => Promise<void>
  /** Tells the server again that it was sent. */
  readonly recordAgain: () => Promise<void>
  readonly reset: () => void
}

type SendOptions = {
  call: Client['call']
  wecom: Pick<Wecom, 'sendText' | 'sendMessage'>
  /** Asks the client whether its chat is (still) this customer's. */
  stillHere: () => Promise<boolean>
  onRecorded: () => void
  wait?: (ms: number) => Promise<void>
}

/** What our own server could not get ready is no fault of the client. */
const ready = (message: () => Promise<ChatMessage>): Promise<ChatMessage> =>
  message().catch((reason: unknown) => {
    throw new WecomFailure('other', messageOf(reason), reason)
  })

const pauses = [0, 1_000, 4_000]
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Hands a text to the chat, then records it, with one key however often the recording is tried. */
export const useSend = ({ call, wecom, stillHere, onRecorded, wait = sleep }: SendOptions): Sending => {
  const state = shallowRef<SendState>({ kind: 'idle' })
  let last: (Saying & { key: string }) | null = null

  const told = async ({ customerId, key, text, contentId, intentId }: Saying & { key: string }): Promise<boolean> => {
    const body = {
      key,
      text,
      ...(contentId === undefined ? {} : { contentId }),
      ...(intentId === undefined ? {} : { intentId }),
    }
    try {
      await call(customers.said, { params: { id: customerId }, body })
      return true
    } catch {
      return false
    }
  }

  const record = async (said: Saying & { key: string }): Promise<void> => {
    last = said
    state.value = { kind: 'sent', text: said.text, recorded: null }
    for (const pause of pauses) {
      if (pause > 0) await wait(pause)
      if (!(await told(said))) continue
      if (last === said) state.value = { kind: 'sent', text: said.text, recorded: true }
      onRecorded()
      return
    }
    if (last === said) state.value = { kind: 'sent', text: said.text, recorded: false }
  }

  const send = async (saying: Saying): Promise<void> => {
    if (state.value.kind === 'sending') return
    state.value = { kind: 'sending' }
    if (!(await stillHere())) {
      state.value = { kind: 'moved' }
      return
    }
    const said = { ...saying, key: newKey() }
    try {
      const late = () => void record(said)
      if (saying.message === undefined) await wecom.sendText(saying.text, late)
      else await wecom.sendMessage(await ready(saying.message), late)
    } catch (reason) {
      const { fault, message } = failureOf(reason)
      state.value = fault === 'cancel' ? { kind: 'idle' } : { kind: 'failed', fault, told: message }
      return
    }
    await record(said)
  }

  const recordAgain = async (): Promise<void> => {
    if (last !== null) await record(last)
  }

  return {
    state,
    send,
    recordAgain,
    reset: () => {
      last = null
      state.value = { kind: 'idle' }
    },
  }
}
