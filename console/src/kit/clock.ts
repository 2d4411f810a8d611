import { onScopeDispose, readonly, ref, type InjectionKey, type Ref } from 'vue'
import { need } from './inject.ts'

/** The server's time as far as we know it: answers that carry a `now` teach us how far this machine is off. */
export type Clock = { now: () => number; learn: (serverMs: number) => void }

export const clockKey: InjectionKey<Clock> = Symbol('clock')

export const createClock = (local: () => number = Date.now): Clock => {
  let offset = 0
  return {
    now: () => local() + offset,
    learn: (serverMs) => {
      const gap = serverMs - local()
      offset = Math.abs(gap) < 5_000 ? 0 : gap
    },
  }
}

/** The server's time in ms, ticking; stops with its scope. */
export const useNow = (everyMs = 30_000): Readonly<Ref<number>> => {
  const clock = need(clockKey)
  const now = ref(clock.now())
  const timer = setInterval(() => {
    now.value = clock.now()
  }, everyMs)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}

export const useClock = (): Clock => need(clockKey)
