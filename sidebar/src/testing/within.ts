import { effectScope, type EffectScope } from 'vue'

/** Runs a composable outside a component; `scope.stop()` is its unmounting. */
export const inScope = <T>(make: () => T): { value: T; scope: EffectScope } => {
  const scope = effectScope()
  const value = scope.run(make)
  if (value === undefined) throw new Error('the scope was stopped')
  return { value, scope }
}

/** Lets every answered promise run its course, without time passing. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve()
}

let hidden = false
Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true })

/** Hides or shows the page. */
export const show = (visible: boolean): void => {
  hidden = !visible
  document.dispatchEvent(new Event('visibilitychange'))
}

/** A storage of its own for one test. */
export const memoryStore = (kept: Record<string, string> = {}) => {
  const map = new Map(Object.entries(kept))
  return {
    get: (key: string) => map.get(key) ?? null,
    set: (key: string, value: string) => map.set(key, value).has(key),
  }
}
