import type { Client } from '@zhiyin/shared/api/client'
import { customers } from '@zhiyin/shared/api/customers'
import type { Suggestion } from '@zhiyin/shared/customer'
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'

export type Waiting = {
  /** null until the first answer. */
  readonly items: Readonly<ShallowRef<readonly Suggestion[] | null>>
  readonly error: Readonly<ShallowRef<string | null>>
  readonly load: () => Promise<void>
}

type WaitingOptions = { call: Client['call']; customerId: MaybeRefOrGetter<string> }

/** Messages to a customer that wait for the rep: to be confirmed in WeCom, or to be written by hand. */
export const useWaiting = ({ call, customerId }: WaitingOptions): Waiting => {
  const items = shallowRef<readonly Suggestion[] | null>(null)
  const error = shallowRef<string | null>(null)
  let turn = 0
  const load = async (): Promise<void> => {
    const mine = (turn += 1)
    try {
      const answer = await call(customers.suggestions, { params: { id: toValue(customerId) } })
      if (mine !== turn) return
      items.value = answer.items.filter(({ intentId }) => intentId !== undefined)
      error.value = null
    } catch (cause) {
      if (mine === turn && items.value === null) error.value = messageOf(cause)
    }
  }
  watch(
    () => toValue(customerId),
    () => {
      items.value = null
      error.value = null
      void load()
    },
    { immediate: true },
  )
  return { items, error, load }
}
