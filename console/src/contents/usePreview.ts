import { contents } from '@zhiyin/shared/api/contents'
import { saysSomething, textsOf, withTexts, type ContentBody } from '@zhiyin/shared/content'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { useCall } from '../kit/call.ts'
import { messageOf } from '../kit/load.ts'

type Ask = {
  body: ContentBody
  tier?: Tier | undefined
  stage?: Stage | undefined
  customerId?: string | undefined
  couponId?: string | undefined
}
type Fallback = { path: string; name: string; nameEn: string }

/** What is asked of the server: every part that is a template, and for whom. */
const askOf = ({ body, tier, stage, customerId, couponId }: Ask) => ({
  texts: textsOf(body).map(({ text }) => text),
  ...(tier === undefined ? {} : { tier }),
  ...(stage === undefined ? {} : { stage }),
  ...(customerId === undefined ? {} : { customerId }),
  ...(couponId === undefined ? {} : { couponId }),
})

/** A body with its variables filled in by the server, a moment after the writing has rested; null while there is nothing to show. */
export const usePreview = (of: () => Ask, restMs = 350) => {
  const call = useCall()
  const body = shallowRef<ContentBody | null>(null)
  const bytes = ref(0)
  const fallbacks = shallowRef<readonly Fallback[]>([])
  const error = ref('')
  const waiting = ref(false)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const render = async (source: ContentBody, asked: ReturnType<typeof askOf>) => {
    const mine = ++turn
    try {
      const answer = await call(contents.preview, { body: asked })
      if (mine !== turn) return
      body.value = withTexts(
        source,
        answer.texts.map(({ text }) => text),
      )
      bytes.value = answer.texts[0]?.bytes ?? 0
      fallbacks.value = answer.fallbacks
      error.value = ''
    } catch (failure) {
      if (mine === turn) error.value = messageOf(failure)
    } finally {
      if (mine === turn) waiting.value = false
    }
  }
  watch(
    () => ({ source: of().body, asked: askOf(of()) }),
    ({ source, asked }, before) => {
      // Another picture or file needs nothing of the server.
      if (before !== undefined && JSON.stringify(asked) === JSON.stringify(before.asked) && body.value !== null) {
        const texts = textsOf(body.value).map(({ text }) => text)
        body.value = withTexts(source, texts)
        return
      }
      clearTimeout(timer)
      waiting.value = saysSomething(source)
      if (!saysSomething(source)) {
        turn++
        body.value = null
        fallbacks.value = []
        error.value = ''
      } else if (body.value === null) void render(source, asked)
      else timer = setTimeout(() => void render(source, asked), restMs)
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(timer)
    turn++
  })
  return { body, bytes, fallbacks, error, waiting }
}
