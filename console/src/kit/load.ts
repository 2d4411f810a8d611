import type { ApiError } from '@zhiyin/shared/api/client'
import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

export type Load<T> = {
  readonly data: ShallowRef<T | undefined>
  /** Why the last read failed; with data at hand the data is stale, not gone. */
  readonly error: ShallowRef<string | undefined>
  readonly loading: Ref<boolean>
  /** When the data at hand was read, in ms of this machine. */
  readonly readAt: Ref<number>
  readonly reload: () => Promise<void>
}

/** The message of a failure for a person; anything but an ApiError is a fault of ours and is shown as it is. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Reads at once, again on `reload`; an answer that comes after a newer read began, or after the scope ended, is dropped. */
export const useLoad = <T>(read: () => Promise<T>): Load<T> => {
  const data = shallowRef<T>()
  const error = shallowRef<string>()
  const loading = ref(false)
  const readAt = ref(0)
  let turn = 0
  const reload = async (): Promise<void> => {
    const mine = ++turn
    loading.value = true
    try {
      const value = await read()
      if (mine !== turn) return
      data.value = value
      error.value = undefined
      readAt.value = Date.now()
    } catch (failure) {
      if (mine === turn) error.value = messageOf(failure)
    } finally {
      if (mine === turn) loading.value = false
    }
  }
  onScopeDispose(() => {
    turn++
  })
  void reload()
  return { data, error, loading, readAt, reload }
}

/** Reads again every so often while the page is looked at. */
export const useEvery = (ms: number, act: () => unknown): void => {
  const timer = setInterval(() => {
    if (document.visibilityState === 'visible') act()
  }, ms)
  onScopeDispose(() => clearInterval(timer))
}

export type Pages<T> = Load<T[]> & {
  readonly more: ComputedRef<boolean>
  readonly total: Ref<number | undefined>
  readonly loadingMore: Ref<boolean>
  readonly next: () => Promise<void>
}

type PageOf<T> = { items: T[]; next: string | null; total?: number | undefined }

/** A keyset-paged list: `reload` begins anew, `next` adds the following page. */
export const usePages = <T>(read: (after: string | undefined) => Promise<PageOf<T>>): Pages<T> => {
  const after = ref<string | null>(null)
  const total = ref<number>()
  const loadingMore = ref(false)
  const load = useLoad(async () => {
    const page = await read(undefined)
    after.value = page.next
    total.value = page.total
    return page.items
  })
  const next = async (): Promise<void> => {
    const from = after.value
    const before = load.data.value
    if (from === null || loadingMore.value) return
    loadingMore.value = true
    try {
      const page = await read(from)
      if (load.data.value !== before) return
      load.data.value = [...(before ?? []), ...page.items]
      after.value = page.next
    } catch (failure) {
      load.error.value = messageOf(failure)
    } finally {
      loadingMore.value = false
    }
  }
  return { ...load, more: computed(() => after.value !== null), total, loadingMore, next }
}

export type Act = {
  readonly busy: Ref<boolean>
  readonly error: ShallowRef<ApiError | Error | undefined>
  /** Runs one change at a time; true when it went through. */
  readonly run: (change: () => Promise<unknown>) => Promise<boolean>
}

/** A change a person makes: busy while it runs, its failure kept for the page to show. */
export const useAct = (): Act => {
  const busy = ref(false)
  const error = shallowRef<ApiError | Error>()
  const run = async (change: () => Promise<unknown>): Promise<boolean> => {
    if (busy.value) return false
    busy.value = true
    error.value = undefined
    try {
      await change()
      return true
    } catch (failure) {
      error.value = failure instanceof Error ? failure : new Error(String(failure))
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run }
}
