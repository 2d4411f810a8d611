import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { provided } from '../platform/provided.ts'

export type NoticeTone = 'good' | 'bad'
export type Notice = {
  readonly shown: Readonly<ShallowRef<{ text: string; tone: NoticeTone } | null>>
  readonly say: (text: string, tone?: NoticeTone) => void
}

const stays = 3_000

/** One short line about what has just happened, read out politely and gone after a while. */
export const createNotice = (): Notice => {
  const shown = shallowRef<{ text: string; tone: NoticeTone } | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  const say = (text: string, tone: NoticeTone = 'good'): void => {
    clearTimeout(timer)
    shown.value = { text, tone }
    timer = setTimeout(() => (shown.value = null), stays)
  }
  onScopeDispose(() => {
    clearTimeout(timer)
  }, true)
  return { shown, say }
}

export const notice = provided<Notice>('notice')
