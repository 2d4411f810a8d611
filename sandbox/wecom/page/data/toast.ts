import { onScopeDispose, shallowRef } from 'vue'

const SHOWN_MS = 4_000

/** One short message at a time. */
export function useToast() {
  const message = shallowRef<{ text: string; tone: 'good' | 'bad' }>()
  let timer: ReturnType<typeof setTimeout> | undefined
  function show(text: string, tone: 'good' | 'bad' = 'good') {
    clearTimeout(timer)
    message.value = { text, tone }
    timer = setTimeout(() => {
      message.value = undefined
    }, SHOWN_MS)
  }
  onScopeDispose(() => clearTimeout(timer))
  return { message, show }
}
