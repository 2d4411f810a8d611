import type { Client } from '@zhiyin/shared/api/client'
import { customers } from '@zhiyin/shared/api/customers'
import type { Suggestion } from '@zhiyin/shared/customer'
import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'

export type SuggestionView = {
  /** null until the first answer. */
  readonly items: Readonly<ShallowRef<readonly Suggestion[] | null>>
  readonly current: ComputedRef<Suggestion | null>
  readonly error: Readonly<ShallowRef<string | null>>
  /** The rep's own wording of the current one; null while it stands as suggested. */
  readonly draft: ShallowRef<string | null>
  readonly text: ComputedRef<string>
  readonly next: () => void
  readonly load: () => Promise<void>
}

type SuggestionOptions = {
  call: Client['call']
  customerId: MaybeRefOrGetter<string | null>
  /** Changes when something happened to the customer and other words may be due. */
  version: MaybeRefOrGetter<string>
}

/** What to say now. New suggestions never replace the one being edited, nor the one looked at while it is still offered. */
export const useSuggestion = ({ call, customerId, version }: SuggestionOptions): SuggestionView => {
  const items = shallowRef<readonly Suggestion[] | null>(null)
  const index = shallowRef(0)
  const error = shallowRef<string | null>(null)
  const draft = shallowRef<string | null>(null)
  const current = computed(() => items.value?.[index.value % Math.max(items.value.length, 1)] ?? null)
  const text = computed(() => draft.value ?? current.value?.text ?? '')
  let turn = 0

  const load = async (): Promise<void> => {
    const id = toValue(customerId)
    if (id === null) return
    const mine = (turn += 1)
    try {
      const answer = await call(customers.suggestions, { params: { id } })
      if (mine !== turn || draft.value !== null) return
      const kept = answer.items.findIndex((item) => item.id === current.value?.id)
      items.value = answer.items
      index.value = Math.max(kept, 0)
      error.value = null
    } catch (cause) {
      if (mine === turn && items.value === null) error.value = messageOf(cause)
    }
  }

  const next = (): void => {
    index.value = (index.value + 1) % Math.max(items.value?.length ?? 0, 1)
    draft.value = null
  }

  watch(
    () => toValue(customerId),
    () => {
      turn += 1
      items.value = null
      index.value = 0
      error.value = null
      draft.value = null
    },
    { flush: 'sync' },
  )
  watch([() => toValue(customerId), () => toValue(version)], () => void load(), { immediate: true })

  return { items, current, error, draft, text, next, load }
}
