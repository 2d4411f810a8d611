import { contents } from '@zhiyin/shared/api/contents'
import type { Tier } from '@zhiyin/shared/tier'
import { onScopeDispose, ref, watch } from 'vue'
import { useCall } from '../kit/call.ts'
import { messageOf } from '../kit/load.ts'

/** A template with its variables filled in by the server, a moment after the text has rested. */
export const usePreview = (of: () => { text: string; tier: Tier | undefined }, restMs = 350) => {
  const call = useCall()
  const text = ref('')
  const bytes = ref(0)
  const error = ref('')
  const waiting = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const render = async (source: string, tier: Tier | undefined) => {
    const mine = ++turn
    try {
      const answer = await call(contents.preview, { body: { text: source, ...(tier === undefined ? {} : { tier }) } })
      if (mine !== turn) return
      text.value = answer.text
      bytes.value = answer.bytes
      error.value = ''
    } catch (failure) {
      if (mine === turn) error.value = messageOf(failure)
    } finally {
      if (mine === turn) waiting.value = false
    }
  }
  watch(
    of,
    ({ text: source, tier }) => {
      clearTimeout(timer)
      waiting.value = source !== ''
      if (source === '') {
        turn++
        text.value = ''
        error.value = ''
      } else timer = setTimeout(() => void render(source, tier), text.value === '' ? 0 : restMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    turn++
  })
  return { text, bytes, error, waiting }
}
