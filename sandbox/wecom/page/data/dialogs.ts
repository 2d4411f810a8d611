import { shallowRef } from 'vue'
import type { Part } from './parts.ts'

interface Choice {
  id: string
  name: string
  note: string
}
export interface PickRequest {
  kind: 'pick'
  title: string
  choices: readonly Choice[]
  multi: boolean
  chosen: readonly string[]
  /** Shown above the list: the message that will be sent to the chosen. */
  preview: readonly Part[]
  confirm: (count: number) => string
  /** The chosen ids, or undefined when the person gave up. */
  resolve: (ids: readonly string[] | undefined) => void
}
type DialogRequest =
  | PickRequest
  | { kind: 'card'; id: string }
  | { kind: 'scan' }
  | { kind: 'group' }
  | { kind: 'members'; chat_id: string }
  | { kind: 'ask'; text: string; confirm: string; resolve: (yes: boolean) => void }
  | { kind: 'picture'; url: string }
  | { kind: 'miniprogram'; appid: string; path: string }
  | { kind: 'moment'; parts: readonly Part[]; resolve: (published: boolean) => void }
  | { kind: 'files'; count: number; resolve: (files: readonly File[] | undefined) => void }

/** The one dialog that is open. Opening another one gives up the first. */
export function useDialogs() {
  const request = shallowRef<DialogRequest>()

  function close() {
    const closing = request.value
    request.value = undefined
    if (closing?.kind === 'pick' || closing?.kind === 'files') closing.resolve(undefined)
    if (closing?.kind === 'ask' || closing?.kind === 'moment') closing.resolve(false)
  }
  function show(next: DialogRequest) {
    close()
    request.value = next
  }
  function settle<T>(build: (resolve: (value: T) => void) => DialogRequest): Promise<T> {
    return new Promise((resolve) => {
      show(
        build((value) => {
          request.value = undefined
          resolve(value)
        }),
      )
    })
  }
  const pick = (wish: Omit<PickRequest, 'kind' | 'resolve'>) =>
    settle<readonly string[] | undefined>((resolve) => ({ kind: 'pick', ...wish, resolve }))
  const ask = (text: string, confirm: string) => settle<boolean>((resolve) => ({ kind: 'ask', text, confirm, resolve }))
  /** Shows a moment as customers will see it; whether the member publishes it. */
  const moment = (parts: readonly Part[]) => settle<boolean>((resolve) => ({ kind: 'moment', parts, resolve }))
  /** Pictures of this machine. */
  const files = (count: number) => settle<readonly File[] | undefined>((resolve) => ({ kind: 'files', count, resolve }))

  return { request, show, close, pick, ask, moment, files }
}
export type Dialogs = ReturnType<typeof useDialogs>
