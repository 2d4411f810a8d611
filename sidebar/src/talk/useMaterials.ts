import type { Client } from '@zhiyin/shared/api/client'
import { materials, type Material } from '@zhiyin/shared/api/talk-tracks'
import { onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'

export type Materials = {
  readonly items: Readonly<ShallowRef<readonly Material[] | null>>
  readonly error: Readonly<ShallowRef<string | null>>
  readonly sought: ShallowRef<string>
  readonly load: () => Promise<void>
}

type MaterialOptions = {
  call: Client['call']
  customerId: MaybeRefOrGetter<string>
  restMs?: number
}

/** Contents as a customer would get them, searched a moment after the typing has rested. */
export const useMaterials = ({ call, customerId, restMs = 250 }: MaterialOptions): Materials => {
  const items = shallowRef<readonly Material[] | null>(null)
  const error = shallowRef<string | null>(null)
  const sought = shallowRef('')
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const load = async (): Promise<void> => {
    clearTimeout(timer)
    const mine = (turn += 1)
    const q = sought.value.trim()
    try {
      const query = q === '' ? {} : { q }
      const answer = await call(materials.forCustomer, { params: { id: toValue(customerId) }, query })
      if (mine !== turn) return
      items.value = answer.items
      error.value = null
    } catch (cause) {
      if (mine === turn) error.value = messageOf(cause)
    }
  }
  watch(sought, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void load(), restMs)
  })
  watch(
    () => toValue(customerId),
    () => {
      items.value = null
      error.value = null
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))
  return { items, error, sought, load }
}
