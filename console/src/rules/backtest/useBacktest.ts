import { rules } from '@zhiyin/shared/api/rules'
import { defaultSample, type Backtest } from '@zhiyin/shared/backtest'
import type { RuleInput } from '@zhiyin/shared/rule'
import { computed, ref, shallowRef } from 'vue'
import { useCall } from '../../kit/call.ts'
import { messageOf, useEvery } from '../../kit/load.ts'

type Draft = RuleInput & { id?: string }

/** A backtest of a draft: begins when asked, is looked at while it runs. `input` answers null while the draft is not whole. */
export const useBacktest = (input: () => Draft | null) => {
  const call = useCall()
  const result = shallowRef<Backtest>()
  const error = ref<string>()
  const busy = ref(false)
  const days = ref(90)
  const sample = ref<'some' | 'all'>('some')
  const asked = ref('')

  const act = async (ask: () => Promise<Backtest>): Promise<void> => {
    busy.value = true
    try {
      result.value = await ask()
      error.value = undefined
    } catch (failure) {
      error.value = messageOf(failure)
    } finally {
      busy.value = false
    }
  }
  const begin = async (): Promise<void> => {
    const draft = input()
    if (draft === null) return
    const { id, ...rule } = draft
    asked.value = JSON.stringify(draft)
    const body = { rule, days: days.value, sample: sample.value === 'all' ? null : defaultSample }
    await act(() => call(rules.backtest, { body: { ...body, ...(id === undefined ? {} : { id }) } }))
  }
  const of = () => ({ params: { id: result.value?.id ?? '' } })
  const running = computed(() => result.value?.state === 'running')
  useEvery(1500, () => running.value && !busy.value && act(() => call(rules.backtestOf, of())))
  return {
    result,
    error,
    busy,
    days,
    sample,
    running,
    begin,
    cancel: () => act(() => call(rules.cancelBacktest, of())),
    /** The draft has changed since it was tried. */
    behind: computed(() => result.value !== undefined && asked.value !== JSON.stringify(input())),
  }
}
