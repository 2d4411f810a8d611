import { ApiError, type Client } from '@zhiyin/shared/api/client'
import { customers } from '@zhiyin/shared/api/customers'
import type { CustomerProfile } from '@zhiyin/shared/customer'
import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'
import { usePolling } from '../platform/usePolling.ts'
import { appendPage, mergePage, type Loaded } from '../timeline/merge.ts'

/** Whom to show: the customer of the chat by external_userid, or one opened from a task by our own id. */
export type CustomerRef = { by: 'external' | 'id'; id: string }

export type CustomerState =
  | { kind: 'loading' }
  /** Not known yet: the profile is being built. `long`: it has taken longer than it should. */
  | { kind: 'unknown'; long: boolean }
  | { kind: 'foreign'; message: string }
  | { kind: 'failed'; message: string }
  | { kind: 'ready'; profile: CustomerProfile }

export type CustomerView = {
  readonly state: Readonly<ShallowRef<CustomerState>>
  readonly profile: ComputedRef<CustomerProfile | null>
  readonly timeline: Readonly<ShallowRef<Loaded>>
  /** Since when the shown data could not be refreshed; null while it is fresh. */
  readonly staleSince: Readonly<ShallowRef<number | null>>
  readonly refresh: () => Promise<boolean>
  readonly more: () => Promise<void>
  /** Puts in the profile an act has just returned; an answer that was asked for before the act is then ignored. */
  readonly accept: (profile: CustomerProfile) => void
}

type CustomerOptions = {
  call: Client['call']
  who: MaybeRefOrGetter<CustomerRef | null>
  /** Not shown now: nothing is fetched. */
  paused: MaybeRefOrGetter<boolean>
  now: () => number
}

const pageSize = 20
const liveEvery = 4_000
const unknownEvery = 2_000
const unknownTries = 15
const nothing: Loaded = { items: [], next: null }

const sameData = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** One customer's profile and timeline, kept fresh while they are looked at. Equal data is not set again, so nothing flickers. */
export const useCustomer = ({ call, who, paused, now }: CustomerOptions): CustomerView => {
  const state = shallowRef<CustomerState>({ kind: 'loading' })
  const timeline = shallowRef<Loaded>(nothing)
  const staleSince = shallowRef<number | null>(null)
  const profile = computed(() => (state.value.kind === 'ready' ? state.value.profile : null))
  let turn = 0
  let acts = 0
  let misses = 0
  /** One lost round is no reason to alarm anybody. */
  let failures = 0
  let freshAt = now()

  const show = (next: CustomerProfile): void => {
    if (!sameData(profile.value, next)) state.value = { kind: 'ready', profile: next }
  }

  const accept = (next: CustomerProfile): void => {
    acts += 1
    if (next.id === profile.value?.id) show(next)
  }

  const load = async (ref: CustomerRef): Promise<[CustomerProfile, Loaded]> => {
    const known = profile.value?.id ?? (ref.by === 'id' ? ref.id : null)
    const page = (id: string) => call(customers.timeline, { params: { id }, query: { limit: pageSize } })
    if (known !== null) return Promise.all([call(customers.get, { params: { id: known } }), page(known)])
    const found = await call(customers.byExternal, { params: { id: ref.id } })
    return [found, await page(found.id)]
  }

  const explain = (error: unknown): boolean => {
    const status = error instanceof ApiError ? error.status : 0
    failures += 1
    if (status === 403) {
      state.value = { kind: 'foreign', message: messageOf(error) }
      return true
    }
    if (status === 404) {
      misses += 1
      state.value = { kind: 'unknown', long: misses > unknownTries }
      return true
    }
    if (profile.value === null) state.value = { kind: 'failed', message: messageOf(error) }
    else if (failures > 1) staleSince.value ??= freshAt
    return false
  }

  const refresh = async (): Promise<boolean> => {
    const ref = toValue(who)
    if (ref === null) return true
    const mine = turn
    const actsBefore = acts
    try {
      const [next, page] = await load(ref)
      if (mine !== turn || actsBefore !== acts) return true
      const merged = mergePage(timeline.value, { items: [...page.items], next: page.next })
      if (!sameData(merged, timeline.value)) timeline.value = merged
      show(next)
      freshAt = now()
      misses = 0
      failures = 0
      staleSince.value = null
      return true
    } catch (error) {
      return mine !== turn || explain(error)
    }
  }

  const more = async (): Promise<void> => {
    const { next } = timeline.value
    const id = profile.value?.id
    if (next === null || id === undefined) return
    const mine = turn
    const page = await call(customers.timeline, { params: { id }, query: { limit: pageSize, after: next } })
    if (mine === turn) timeline.value = appendPage(timeline.value, page)
  }

  const every = (): number | null => {
    if (toValue(paused) || toValue(who) === null || state.value.kind === 'foreign') return null
    return state.value.kind === 'unknown' ? unknownEvery : liveEvery
  }
  const polling = usePolling({ every, round: refresh })

  const begin = async (): Promise<void> => {
    turn += 1
    misses = 0
    state.value = { kind: 'loading' }
    timeline.value = nothing
    staleSince.value = null
    await refresh()
    polling.poke()
  }
  watch(
    () => {
      const ref = toValue(who)
      return ref && `${ref.by}:${ref.id}`
    },
    () => void begin(),
    { immediate: true },
  )
  watch(
    () => toValue(paused),
    (isPaused) => {
      if (!isPaused) polling.poke()
    },
  )

  return { state, profile, timeline, staleSince, refresh, more, accept }
}
