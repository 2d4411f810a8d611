import type { Client } from '@zhiyin/shared/api/client'
import { talkTracks } from '@zhiyin/shared/api/talk-tracks'
import type { TalkLine } from '@zhiyin/shared/talk-track'
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'

export type Talk = {
  /** Those that fit the customer best first; null until the first answer. */
  readonly lines: Readonly<ShallowRef<readonly TalkLine[] | null>>
  /** Why there is nothing to show. */
  readonly error: Readonly<ShallowRef<string | null>>
  readonly load: () => Promise<void>
}

type TalkOptions = {
  call: Client['call']
  customerId: MaybeRefOrGetter<string>
  /** Changes when the customer's tier or stage may have. */
  version: MaybeRefOrGetter<string>
}

/** What can be said to a customer by situation, with their own words in it. */
export const useTalk = ({ call, customerId, version }: TalkOptions): Talk => {
  const lines = shallowRef<readonly TalkLine[] | null>(null)
  const error = shallowRef<string | null>(null)
  let turn = 0
  const load = async (): Promise<void> => {
    const mine = (turn += 1)
    try {
      const answer = await call(talkTracks.forCustomer, { params: { id: toValue(customerId) } })
      if (mine !== turn) return
      lines.value = answer.items
      error.value = null
    } catch (cause) {
      if (mine === turn && lines.value === null) error.value = messageOf(cause)
    }
  }
  watch(
    () => toValue(customerId),
    () => {
      lines.value = null
      error.value = null
    },
    { flush: 'sync' },
  )
  watch([() => toValue(customerId), () => toValue(version)], () => void load(), { immediate: true })
  return { lines, error, load }
}
