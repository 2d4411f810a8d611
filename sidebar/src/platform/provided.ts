import { inject, provide, type App, type InjectionKey } from 'vue'

export type Provided<T> = {
  /** For the whole app. */
  readonly provide: (app: Pick<App, 'provide'>, value: T) => void
  /** From a component to all within it. */
  readonly offer: (value: T) => void
  readonly use: () => T
}

/** A thing the whole app shares, handed down by provide and inject instead of a global. */
export const provided = <T>(name: string): Provided<T> => {
  const key: InjectionKey<T> = Symbol(name)
  return {
    provide: (app, value) => {
      app.provide(key, value)
    },
    offer: (value) => {
      provide(key, value)
    },
    use: () => {
      const value = inject(key)
      if (value === undefined) throw new Error(`${name} was not provided`)
      return value
    },
  }
}
