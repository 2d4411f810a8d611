import { inject, type InjectionKey } from 'vue'

/** An injected thing that must be there; without it the app was put together wrongly. */
export const need = <T>(key: InjectionKey<T>): T => {
  const value = inject(key)
  if (value === undefined) throw new Error(`not provided: ${key.description ?? 'unnamed'}`)
  return value
}
