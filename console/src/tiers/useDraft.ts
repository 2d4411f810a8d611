import { tiers, type Distribution, type Preview } from '@zhiyin/shared/api/tiers'
import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { messageOf, useAct, useEvery, type Act } from '../kit/load.ts'
import { useTrial, type Trial } from '../kit/trial.ts'
import { isWhole } from './draft.ts'

export type Drafting = {
  readonly draft: Ref<SchemeInput>
  readonly preview: Trial<Preview>
  readonly distribution: ShallowRef<Distribution | undefined>
  readonly failed: ShallowRef<string | undefined>
  /** The window has not been counted yet. */
  readonly uncounted: ComputedRef<boolean>
  readonly counting: Act
  readonly count: () => Promise<boolean>
}

/** A scheme being written, with what it would do and the distribution it stands on; both follow the draft. */
export const useDraft = (id: string | null, start: SchemeInput): Drafting => {
  const call = useCall()
  const draft = ref<SchemeInput>(structuredClone(start))
  const preview = useTrial(
    () => (isWhole(draft.value) ? draft.value : null),
    (scheme) => call(tiers.preview, { body: { id, scheme } }),
    350,
  )
  const windowDays = computed(() => ('windowDays' in draft.value.how ? draft.value.how.windowDays : null))
  const distribution = shallowRef<Distribution>()
  const failed = shallowRef<string>()
  const counting = useAct()
  const count = (): Promise<boolean> =>
    counting.run(async () => {
      if (windowDays.value !== null)
        distribution.value = await call(tiers.count, { body: { windowDays: windowDays.value } })
    })
  /** A count from before the first customer says nothing: it is made again, once. */
  let asking = false
  const read = async (): Promise<void> => {
    const asked = windowDays.value
    if (asked === null) return
    try {
      const found = await call(tiers.distribution, { query: { windowDays: asked } })
      if (asked !== windowDays.value) return
      distribution.value = found
      failed.value = undefined
      if (found.customers === 0 && found.at !== null && !asking) {
        asking = true
        await count()
      }
    } catch (failure) {
      failed.value = messageOf(failure)
    }
  }
  watch(windowDays, () => {
    distribution.value = undefined
    void read()
  })
  watch(
    () => distribution.value?.at,
    () => preview.again(),
  )
  void read()
  useEvery(2_000, () => distribution.value?.running && void read())
  const uncounted = computed(() => distribution.value !== undefined && distribution.value.at === null)
  return { draft, preview, distribution, failed, uncounted, counting, count }
}
