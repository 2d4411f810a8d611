import { ApiError } from '@zhiyin/shared/api/client'
import { settings, type Settings } from '@zhiyin/shared/api/settings'
import { computed, shallowRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCall } from '../kit/call.ts'
import { useAct } from '../kit/load.ts'
import { done } from '../kit/toast.ts'

type Part = Partial<Omit<Settings, 'timezone'>>

/** One section of the settings: edited apart from the others in `value` and saved alone; `start` is what is kept now. */
export const useSection = <T extends object>(
  start: T,
  value: Ref<T>,
  part: (value: T) => Part,
  take: (answer: Settings) => T,
) => {
  const call = useCall()
  const { t } = useI18n({ useScope: 'global' })
  const act = useAct()
  const kept = shallowRef<T>(start)
  const dirty = computed(() => JSON.stringify(value.value) !== JSON.stringify(kept.value))
  const problems = computed(() => {
    const failure = act.error.value
    if (failure === undefined) return []
    const fields = failure instanceof ApiError ? failure.fields.map(({ message }) => message) : []
    return [failure.message, ...fields]
  })
  const undo = () => {
    value.value = structuredClone(kept.value)
  }
  const save = async () => {
    const ok = await act.run(async () => {
      kept.value = take(await call(settings.update, { body: part(value.value) }))
      undo()
    })
    if (ok) done(t('settings.saved'))
  }
  return { dirty, problems, busy: act.busy, save, undo }
}
