import type { TimelineItem } from '@zhiyin/shared/customer'
import { computed, onScopeDispose, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import { lasting, type Store } from '../platform/storage.ts'

export type LastLook = {
  /** When this rep looked at the customer before; null the first time. */
  readonly at: ComputedRef<number | null>
  /** What happened since then, newest first, without what the rep did here. */
  readonly news: ComputedRef<readonly TimelineItem[]>
  readonly isNew: (item: TimelineItem) => boolean
}

/** The rep's own acts are no news to the rep. */
const own: ReadonlySet<string> = new Set(['task.created', 'task.done', 'note.written'])

type LastLookOptions = {
  customerId: MaybeRefOrGetter<string | null>
  items: MaybeRefOrGetter<readonly TimelineItem[]>
  now: () => number
  store?: Store
}

/** Remembers per customer when they were last looked at; the look ends when the page is hidden or shows someone else. */
export const useLastLook = ({ customerId, items, now, store = lasting }: LastLookOptions): LastLook => {
  const before = shallowRef<number | null>(null)
  const keyOf = (id: string): string => `seen.${id}`

  const leave = (id: string | null): void => {
    if (id !== null) store.set(keyOf(id), String(now()))
  }
  watch(
    () => toValue(customerId),
    (id, old) => {
      leave(old ?? null)
      const stored = id === null ? null : store.get(keyOf(id))
      before.value = stored === null ? null : Number(stored)
    },
    { immediate: true },
  )

  const hide = (): void => {
    if (document.hidden) leave(toValue(customerId))
  }
  const goAway = (): void => {
    leave(toValue(customerId))
  }
  document.addEventListener('visibilitychange', hide)
  window.addEventListener('pagehide', goAway)
  onScopeDispose(() => {
    goAway()
    document.removeEventListener('visibilitychange', hide)
    window.removeEventListener('pagehide', goAway)
  })

  const isNew = (item: TimelineItem): boolean =>
    before.value !== null && Date.parse(item.at) > before.value && !own.has(item.type)
  const news = computed(() => toValue(items).filter(isNew))
  return { at: computed(() => before.value), news, isNew }
}
